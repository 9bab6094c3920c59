"""Every prompt and notice that some module of `kiosk.prompts`, or of a feature, declares."""

import importlib
import pkgutil
from typing import Final

import features
from kiosk import prompts
from kiosk.prompts.ui import Notice, Prompt

MODULES: Final = [module.name for module in pkgutil.iter_modules(prompts.__path__, "kiosk.prompts.")]
_OF_FEATURES: Final = [
    module.name
    for module in pkgutil.walk_packages(features.__path__, "features.")
    if module.name.endswith(".kiosk.prompts")
]
DECLARED: Final[set[type]] = {
    one
    for module in map(importlib.import_module, (*MODULES, *_OF_FEATURES))
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, Prompt | Notice) and one not in (Prompt, Notice)
}
