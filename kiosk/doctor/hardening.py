"""Whether somebody with a keyboard, a stick, an adapter or a screwdriver gets further than the screen.

Each line looks at the running machine where it can, not only at the file that deploy/hardening brought.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from common.machine.doctor.finding import Finding, ok, skipped, warning
from kiosk.doctor.machine import Machine

HARDENING: Final = {
    "hardening/sysctl/*": "etc/sysctl.d",
    "hardening/logind/*": "etc/systemd/logind.conf.d",
    "hardening/system/*": "etc/systemd/system.conf.d",
    "hardening/grub/06_kiosk": "etc/grub.d",
    "hardening/grub/kiosk.cfg": "etc/default/grub.d",
    "hardening/udev/*": "etc/udev/rules.d",
    "hardening/networkmanager/*": "etc/NetworkManager/conf.d",
}
"""Where each file of deploy/hardening belongs. The firewall's is each site's own."""
_GRUB_SCRIPT: Final = "etc/grub.d/06_kiosk"
_GRUB_HASH: Final = "etc/kiosk/grub-password"
_GRUB_MENU: Final = "boot/grub/grub.cfg"
_AS_DOC: Final = "as deploy/hardening.md says"
_SYSCTLS: Final = {
    "kernel/sysrq": "0",
    "kernel/dmesg_restrict": "1",
    "kernel/kptr_restrict": "2",
    "kernel/yama/ptrace_scope": "2",
    "dev/tty/ldisc_autoload": "0",
    "net/ipv4/ip_forward": "0",
}
_VOLATILE_NAME: Final = re.compile(r"/dev/tty(USB|ACM)\d+|/dev/serial/by-id/.+|/dev/kiosk/.+")
# Escape to D: what makes a keyboard of an input device to udev.
_FIRST_KEYS: Final = 0xFFFFFFFE


def check_hardening(machine: Machine) -> Iterator[Finding]:
    """Look at keys, consoles, boot menu, firewall and USB."""
    yield _check_kernel(machine)
    yield _check_keys(machine)
    yield _check_consoles(machine)
    yield _check_boot_menu(machine)
    yield _check_boot_shell(machine)
    yield _check_firewall(machine)
    yield _check_usb(machine)
    yield _check_pepper(machine)


def _check_kernel(machine: Machine) -> Finding:
    loose = [
        f"{name.replace('/', '.')} is {found or 'unknown'}"
        for name, wanted in _SYSCTLS.items()
        if (found := machine.text(f"proc/sys/{name}").strip()) != wanted
    ]
    if loose:
        return warning("kernel", ", ".join(loose), f"sysctl/60-kiosk.conf {_AS_DOC}, then sysctl --system")
    return ok("kernel", "no SysRq, no looking into other programs")


def _check_keys(machine: Machine) -> Finding:
    if machine.systemctl("is-enabled", "ctrl-alt-del.target") not in ("masked", "masked-runtime"):
        return warning("keys", "Ctrl-Alt-Del restarts the machine", "systemctl mask ctrl-alt-del.target")
    if "CtrlAltDelBurstAction=none" not in machine.text("etc/systemd/system.conf.d/kiosk.conf"):
        return warning("keys", "Ctrl-Alt-Del seven times restarts the machine", f"system/kiosk.conf {_AS_DOC}")
    return ok("keys", "Ctrl-Alt-Del does nothing")


def _check_consoles(machine: Machine) -> Finding:
    running = [n for n in range(1, 7) if machine.systemctl("is-active", f"getty@tty{n}.service") == "active"]
    if running:
        names = " ".join(f"getty@tty{n}.service" for n in running)
        return warning("consoles", f"a login waits behind the screen ({names})", f"systemctl mask --now {names}")
    conf = machine.text("etc/systemd/logind.conf.d/kiosk.conf")
    if "NAutoVTs=0" not in conf or "ReserveVT=0" not in conf:
        return warning(
            "consoles", "a login comes up on the next console that is asked for", f"logind/kiosk.conf {_AS_DOC}"
        )
    return ok("consoles", "no login behind the screen")


def _check_boot_menu(machine: Machine) -> Finding:
    if not machine.exists("boot/grub"):
        return skipped("boot menu", "this machine doesn't start by GRUB: set a password in its firmware")
    missing = [path for path in (_GRUB_SCRIPT, _GRUB_HASH) if not machine.size(path)]
    if missing:
        found = f"anybody may change how it starts: /{', /'.join(missing)} missing or empty"
        return warning("boot menu", found, "kiosk-harden")
    if _is_open(machine):
        found = "anybody may change how it starts: /boot/grub/grub.cfg was made without the password"
        return warning("boot menu", found, "update-grub; chmod 0600 /boot/grub/grub.cfg")
    if "GRUB_DISABLE_RECOVERY=true" not in machine.text("etc/default/grub.d/kiosk.cfg"):
        return warning("boot menu", "the menu offers a root shell (recovery)", f"grub/kiosk.cfg {_AS_DOC}")
    return ok("boot menu", "changing it needs a password")


def _is_open(machine: Machine) -> bool:
    """Return whether GRUB's own file asks for no password; where root alone reads it, whether it is older than that."""
    menu = machine.text(_GRUB_MENU)
    if menu:
        return not re.search(r"^password_pbkdf2 ", menu, re.MULTILINE)
    return machine.changed_at(_GRUB_MENU) < machine.changed_at(_GRUB_HASH)


def _check_boot_shell(machine: Machine) -> Finding:
    told = machine.text("proc/cmdline").split()
    if not any(re.fullmatch(r"panic=[1-9][0-9]*", word) for word in told):
        found = "a damaged file system gives a root shell to anybody there: no panic= was given at the start"
        return warning("boot shell", found, f"grub/kiosk.cfg {_AS_DOC}, update-grub, restart")
    if "fsck.repair=yes" not in told:
        found = "a damaged file system is not mended by itself: the machine starts again and again"
        return warning("boot shell", found, f"grub/kiosk.cfg {_AS_DOC}, update-grub, restart")
    return ok("boot shell", "a damaged file system is mended, or the machine starts again")


def _check_firewall(machine: Machine) -> Finding:
    if machine.systemctl("is-active", "nftables.service") != "active":
        return warning(
            "firewall", "none runs: others may connect to this kiosk", "systemctl enable --now nftables.service"
        )
    if not re.search(r"hook input[^\n]*policy drop", machine.text("etc/nftables.conf")):
        return warning("firewall", "/etc/nftables.conf lets others in", f"nftables/kiosk.nft {_AS_DOC}")
    return ok("firewall", "nobody may connect to this kiosk")


def _check_usb(machine: Machine) -> Finding:
    if not machine.exists("etc/udev/rules.d/71-kiosk-usb.rules"):
        todo = f"udev/71-kiosk-usb.rules {_AS_DOC}"
        return warning("usb", "keyboards and network adapters that are plugged in work", todo)
    if "no-auto-default=" not in machine.text("etc/NetworkManager/conf.d/kiosk.conf"):
        found = "an adapter that is plugged in gets a connection by itself"
        return warning("usb", found, f"networkmanager/kiosk.conf {_AS_DOC}")
    todo = "pull it out; udevadm control --reload; udevadm trigger"
    if not machine.exists("etc/kiosk/usb-keyboard-allowed") and (keyboards := _keyboards(machine.root)):
        return warning("usb", f"a keyboard works: {', '.join(keyboards)}", todo)
    if not machine.exists("etc/kiosk/usb-network-allowed") and (adapters := _adapters(machine.root)):
        return warning("usb", f"a network adapter works: {', '.join(adapters)}", todo)
    return ok("usb", "no keyboard and no network adapter on USB works")


def _check_pepper(machine: Machine) -> Finding:
    if not machine.exists("sys/class/tpm/tpm0"):
        return skipped("pins", "this machine has no TPM: a stolen disk gives away hashes of PINs")
    if not machine.exists("etc/kiosk/pin-pepper.cred"):
        return warning("pins", "a stolen disk gives away hashes of PINs, though there is a TPM", "kiosk-setup")
    if not machine.exists("run/kiosk-pepper/pepper"):
        todo = "systemctl status kiosk-pepper; was the TPM cleared: rm /etc/kiosk/pin-pepper.cred, then kiosk-setup"
        return warning("pins", "the TPM doesn't open the secret over PINs: hashes lie as central sends them", todo)
    return ok("pins", "hashes of PINs are worth nothing without this machine's TPM")


def _keyboards(root: Path) -> list[str]:
    """Name the USB devices that work as keyboards, by their keys and whatever class they say: as udev tells one."""
    found = []
    for device in sorted((root / "sys/class/input").glob("input*")):
        keys = (_read(device / "capabilities/key").split() or ["0"])[-1]
        if _read(device / "phys").startswith("usb-") and int(keys, 16) & _FIRST_KEYS == _FIRST_KEYS:
            found.append(_read(device / "name") or device.name)
    return found


def _adapters(root: Path) -> list[str]:
    """Name the network adapters that hang on USB."""
    adapters = sorted((root / "sys/class/net").glob("*"))
    return [one.name for one in adapters if "DEVTYPE=usb_interface" in _read(one / "device/uevent").splitlines()]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def check_sockets_of(ports: dict[str, str]) -> Finding:
    """Look at the names of the devices' ports: one by the socket can't be taken by another adapter of that make.

    Args:
        ports: each device's port as the settings name it.
    """
    loose = [f"{name} ({port})" for name, port in ports.items() if _VOLATILE_NAME.fullmatch(port)]
    if loose:
        return warning(
            "sockets",
            f"named by make, not by socket: {', '.join(loose)}; any adapter of that make may pose as it",
            "name it as ls /dev/serial/by-path does",
        )
    return ok("sockets", "each device is known by the socket it is in")


def check_encryption(data_dir: Path, machine: Machine | None = None) -> Finding:
    """Look whether the data lie on an encrypted partition: what a stolen disk gives away."""
    machine = machine or Machine()
    try:
        number = data_dir.stat().st_dev
    except OSError as error:
        return skipped("encryption", f"{data_dir}: {error.strerror}")
    uuid = machine.text(f"sys/dev/block/{os.major(number)}:{os.minor(number)}/dm/uuid")
    if uuid.startswith("CRYPT-"):
        return ok("encryption", "data_dir lies on an encrypted partition")
    todo = "LUKS with the TPM's key: deploy/hardening.md; else see its page on a stolen kiosk"
    return warning("encryption", "a stolen disk gives away keys and PIN hashes: data_dir is not encrypted", todo)
