"""What can go wrong in the demo: `DEVICE.FAULT` by name.

Each comes about for real: through a simulated device, a stopped process, the store's file, the feed or a setting.
"""

from collections.abc import Mapping
from dataclasses import replace

from demo import faults_of_central, faults_of_citizens, faults_of_devices, faults_of_kiosk, faults_of_orders
from demo.faults.fault import Fault
from demo.faults.fault_names import FAULTS


def known() -> Mapping[str, Fault]:
    """Return every fault by its name, in the order in which the help lists them."""
    parts = (faults_of_devices, faults_of_central, faults_of_kiosk, faults_of_citizens, faults_of_orders)
    made = {name: fault for part in parts for name, fault in part.FAULTS.items()}
    return {name: replace(made[name], name=name) for name in FAULTS}
