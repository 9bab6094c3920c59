"""What central's pages load beside their own files: what is made of the municipality's brand."""

from collections.abc import Mapping

from common.city.brand.brand import brand
from common.city.brand.look import variables
from common.web.assets import Asset, mark_of, marked


def with_brand(files: Mapping[str, bytes]) -> dict[str, Asset]:
    """Mark what pages load, by name, beside the brand's colours and emblem."""
    return marked({**files, **_of_the_brand()})


def _of_the_brand() -> dict[str, bytes]:
    look, emblem = variables(brand().colours.look), brand().picture("emblem")
    if emblem is None:
        return {"brand.css": f":root {{ {look} }}\n".encode()}
    mask = f'url("emblem.png?v={mark_of(emblem)}") center / contain no-repeat'
    rules = f":root {{ {look} }}\n.emblem {{ -webkit-mask: {mask}; mask: {mask}; }}\n"
    return {"brand.css": rules.encode(), "emblem.png": emblem}
