"""Requirements of different years and documents joined: links with relations, threads, changes,
target lines.
"""

from pipeline.link.all import (
    Comparison,
    Linking,
    compare_documents,
    compare_years,
    link_all,
    list_changes,
)
from pipeline.link.evaluate import LinkScores, evaluate_links, measure_links
from pipeline.link.gold import LabelledPair, load_labelled_pairs
from pipeline.link.model import LinkModel, load_link_model, save_link_model
from pipeline.link.pairs import link_pair
from pipeline.link.project import train_from_project
from pipeline.link.stories import tell_stories
from pipeline.link.train import train_link_model
from pipeline.link.years import YearPair, find_superseded, pair_years, pool_years
from pipeline.records import PairLinks

__all__ = [
    "Comparison",
    "LabelledPair",
    "LinkModel",
    "LinkScores",
    "Linking",
    "PairLinks",
    "YearPair",
    "compare_documents",
    "compare_years",
    "evaluate_links",
    "find_superseded",
    "link_all",
    "link_pair",
    "list_changes",
    "load_labelled_pairs",
    "load_link_model",
    "measure_links",
    "pair_years",
    "pool_years",
    "save_link_model",
    "tell_stories",
    "train_from_project",
    "train_link_model",
]
