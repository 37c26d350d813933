"""Passages to requirements and numbers: the one public function is `extract`."""

from __future__ import annotations

from pipeline.extract.document import extract
from pipeline.extract.models import ExtractionModels, load_models

__all__ = ["ExtractionModels", "extract", "load_models"]
