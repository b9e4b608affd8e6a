"""The kinds of models there are, as their classes declare them, and the one that is asked for: checked."""

from typing import Any

from snowdome.core.options import check_options, options_of, unknown_option
from snowdome.model.base import Classifier, classifiers, make_classifier
from snowdome.model.compare import available_kinds
from snowdome.model.preparation import Preparation
from snowdome.model.rows import Rows
from snowdome.session.messages import OptionRecord
from snowdome.session.methods import option_record
from snowdome.session.models.messages import KindRecord, KindsRecord, TrainRequest


def kinds_record() -> KindsRecord:
    """All kinds, and what can be chosen beside them."""
    missing = available_kinds()[1]
    kinds = [_kind(name, classifiers.member(name, Classifier), name in missing) for name in classifiers.names()]
    return KindsRecord(kinds=kinds, preparation=_options(Preparation), rows=_options(Rows))


def _kind(name: str, cls: type[Classifier], missing: bool) -> KindRecord:  # noqa: FBT001
    install = f"It is not installed here: pip install 'snowdome[{cls.extra}]'." if missing else ""
    return KindRecord(
        id=name, title=cls.title, says=cls.says, scale=cls.scale, of_images=cls.of_images, missing=install,
        options=_options(cls),
    )  # fmt: skip


def _options(cls: type) -> list[OptionRecord]:
    return [option_record(each) for each in options_of(cls).values()]


def made_of(asked: TrainRequest) -> tuple[Classifier, Preparation, Rows]:
    """Kind, preparation and rows as they are asked for; OptionError for what there is not, or may not be."""
    classifier = make_classifier(asked.kind, **asked.options)
    return classifier, _made(Preparation, asked.preparation), _made(Rows, asked.rows)


def _made(cls: type[Any], options: dict[str, Any]) -> Any:
    allowed = list(options_of(cls))
    for name in options:
        if name not in allowed:
            raise unknown_option(cls.__name__, name, allowed)
    made = cls(**options)
    check_options(made)
    return made
