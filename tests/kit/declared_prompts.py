"""Every prompt and notice that some module of `kiosk.prompts` declares."""

import importlib
import pkgutil
from typing import Final

from kiosk import prompts
from kiosk.prompts.ui import Notice, Prompt

MODULES: Final = [module.name for module in pkgutil.iter_modules(prompts.__path__, "kiosk.prompts.")]
DECLARED: Final[set[type]] = {
    one
    for module in MODULES
    for one in vars(importlib.import_module(module)).values()
    if isinstance(one, type) and issubclass(one, Prompt | Notice) and one not in (Prompt, Notice)
}
