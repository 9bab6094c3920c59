"""What can go wrong in the demo: `DEVICE.FAULT` by name.

Each comes about for real: through a simulated device, a stopped process, the store's file, the feed or a setting.
"""

from collections.abc import Mapping
from dataclasses import replace

from demo.faults import of_central, of_citizens, of_devices, of_hub, of_kiosk, of_orders
from demo.faults.fault import Fault
from demo.faults.fault_names import FAULTS


def known() -> Mapping[str, Fault]:
    """Return every fault by its name, in the order in which the help lists them."""
    parts = (of_devices, of_central, of_hub, of_kiosk, of_citizens, of_orders)
    made = {name: fault for part in parts for name, fault in part.FAULTS.items()}
    return {name: replace(made[name], name=name) for name in FAULTS}
