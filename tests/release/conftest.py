import pytest

from release import debian, environment, repository, stick
from tests.release.asked import Asked


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    found = Asked()
    for module in (debian, environment, repository, stick):
        monkeypatch.setattr(module, "run", found.run)
    return found
