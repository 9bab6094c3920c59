"""What the request handlers share: one object, made by the composition root in `app`."""

from dataclasses import dataclass, field

from litestar.di import NamedDependency
from litestar.params import SkipValidation
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base.config import CentralConfig
from central.inquiries.answerers import Answerers
from central.inquiries.polls import Polls
from central.insight.centres.copies import Copies
from central.insight.centres.reading import CentresReader
from central.insight.public.news import NewsReader
from central.insight.visits import following
from central.insight.visits.projection import Reader
from central.intake.receiving.daily_bound import DailyBound
from central.intake.receiving.unknown_kiosks import UnknownKiosks
from central.intake.unsealing.unsealing import Unsealer
from central.keys.keys import KeyRing
from central.kiosks.contacts import Contacts
from central.payments.hearing import Gate
from central.payments.running import Payments
from central.server.api.metrics import Metrics
from central.server.office_files.process import OfficeFiles


@dataclass(frozen=True, slots=True)
class Central:
    """The running server's parts."""

    config: CentralConfig
    engine: AsyncEngine
    ring: KeyRing
    unsealer: Unsealer
    metrics: Metrics
    contacts: Contacts
    centres: CentresReader
    copies: Copies
    polls: Polls
    answerers: Answerers
    payments: Payments
    gate: Gate = field(default_factory=Gate)
    news: NewsReader = field(default_factory=NewsReader)
    visits: Reader = field(default_factory=lambda: Reader(following.catch_up))
    office_files: OfficeFiles = field(default_factory=OfficeFiles)
    unknown_kiosks: UnknownKiosks = field(default_factory=UnknownKiosks)
    daily_bound: DailyBound = field(default_factory=DailyBound)


CentralDep = NamedDependency[SkipValidation[Central]]
