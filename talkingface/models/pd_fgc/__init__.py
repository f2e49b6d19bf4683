"""The declaration of PD_FGC."""

from talkingface.models.pd_fgc.config import PDFGCSettings
from talkingface.registry import ModelSpec

MODEL = ModelSpec(
    "PD_FGC",
    "One portrait speaks; head, lids, eyes and expression each follow somebody of their own.",
    model="talkingface.models.pd_fgc.model:PDFGC",
    config=PDFGCSettings,
    controls=frozenset({"lip", "pose", "blink", "gaze", "emotion"}),
    angles=frozenset({"pose", "gaze"}),
    paper="arXiv:2211.14506",
    look_ahead_ms=120,
)
