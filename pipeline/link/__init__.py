"""Requirements of different years and documents joined: links with relations, threads, changes, target lines."""

from pipeline.link.all import Comparison, Linking, compare_documents, link_all
from pipeline.link.model import LinkModel, load_link_model, save_link_model
from pipeline.link.pairs import PairLinks, link_pair

__all__ = [
    "Comparison",
    "LinkModel",
    "Linking",
    "PairLinks",
    "compare_documents",
    "link_all",
    "link_pair",
    "load_link_model",
    "save_link_model",
]
