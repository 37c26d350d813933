"""Can a noun act: does it name people or bodies, things, or those whom care is given to.

A register knows bodies by name. This knows the rest by how words are built ("promoter",
"councillor", "optometrist") and by what the verb says: only people and bodies submit, agree or
are asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.extract.cue_record import Cue

if TYPE_CHECKING:
    from spacy.tokens import Token

# What English makes of a verb or a field to name who works in it.
_DOER: Final = re.compile(r"\w{2,}(?:er|or|eer|ist|ician|arian|ee|man|woman)$")
# Words that are built so and name nobody.
_NOT_DOERS: Final = frozenset(
    """
    abdomen accelerator amber anchor answer banner barometer barrier behavior binder boiler
    border buffer bumper calculator cancer carrier center centimeter changeover chapter
    character charter checklist cider cleanser clever clover cluster coffee colour
    comparator computer connector container conveyor corner corridor counter cover cracker
    cyber danger december degree denominator detector diameter dinner disaster disclaimer
    disorder divider door drawer elevator error escalator explainer exterior factor favor fee
    fever fiber fibre filter finger flavor floor flower folder freezer further
    gender generator german ginger glacier guarantee gutter handover heater honor horror human
    humor hunger identifier incubator indicator inhaler interior jubilee kilometer labor
    ladder laser later latter layer ledger leftover letter lever lifter list liver locker
    lumber manner marker master matter metaphor meter minor mirror mist monitor mortar motor
    murder newsletter newspaper norman number numerator october odor offer order other outlier
    paper parameter pepper pier pillar pointer poster power predictor printer prior
    processor quarter rather reactor receiver refrigerator regimen register reminder
    respirator river router rubber rudder rumor scanner sector semester seminar
    sensor september sewer shelter shortlist shower shutter silver simulator slider
    specimen spider stapler starter sticker summer supper surrender takeover tanker
    tender terror theater thermometer tier timber timer tower tractor trailblazer
    trailer transfer transformer transistor tree trigger tumor turnover tutorial twist vapor
    vector ventilator voucher waitlist waiver water weather webinar whether winter wonder
    """.split()
)
_TITLES: Final = frozenset("mr mrs ms miss dr prof professor sir dame lord lady rev cllr".split())

# People and bodies that neither the register nor the make of the word tells.
_DOERS: Final = frozenset(
    """
    academic accountant agent applicant apprentice assistant attendant baby branch bureau
    child citizen claimant client clerk colleague complainant constituent consultant coroner court
    crew defendant delegate directorate division entrant expert faculty family firm guardian
    household hub infant individual informant laboratory locum mayor midwife ministry
    mother father occupant official ombudsman paramedic participant personnel president principal
    professional provost public recipient registrant registrar respondent resident
    secretariat squad steward student superintendent surgeon syndicate tenant tribunal undertaking
    woman man girl boy youth
    """.split()
)

# What documents, numbers, places and materials are called; they bind nobody by being subjects.
_THINGS: Final = frozenset(
    """
    access account act activity advice aim allocation allowance amount app appeal appendix
    application appointment appraisal approach arrangement article asset attendance award
    backlog balance ban band bank bed benefit bid bill block bond budget building call
    capacity car card case cash ceiling change chapter charge clause clinic club code
    condition contract contribution control copy corridor cost course coverage criterion cycle
    data database date day deadline deal decision deficit delay delivery demand design detail
    device difference discount document door draft drug duty dwelling efficiency element email
    equipment estate event evidence exercise expenditure facility fare fee feedback figure
    file finance flat floor flow food footprint form framework fuel function fund funding gain
    gap goal grant growth guidance guide guideline haven heading heat hour idea income
    increase indicator information initiative installation instruction instrument interest
    interview invoice issue job land law lease length lesson letter level licence license
    limit line list loan log loss machine mail map material meal measure medicine meeting menu
    message method metric milestone minute model module money month name need norm note notice
    number objective occupancy offer option order outcome output package page paper park
    pathway pay payment pen pension period permit phase pilot plan plant playground policy
    population portfolio portion position post premium price principle priority problem
    procedure process product productivity profile program programme progress project proposal
    protocol provision purchase quality quarter question queue quota rate ratio reason record
    reduction referral regime register report request requirement reserve resource response
    rest result return revenue review reward risk road role room rota route rule run salary
    sale sample saving scan schedule scheme scope score scorecard script section share sheet
    shift shortfall sign site skill slot software space spend spending stage standard start
    statement status step stock strategy street structure subject submission summary supply
    support surplus survey tablet target tariff task tax template tender term test text
    theatre threshold time timetable timing title tool topic total town trajectory travel
    treatment trend turnover update uptake use vacancy value variation vehicle version visit
    volume wage wait warning waste water way website week weight will window word work
    workload workstream year
    aspect element evidence factor failure focus improvement investment part pressure range reform
    series set study success tool
    """.split()
)
_ABSTRACT: Final = re.compile(
    r"\w{2,}(?:tion|sion|ment|ness|ance|ence|age|ure|ism|ship|ing|hood|th|acy|rate|graph|list|day)$"
)
_NOT_ABSTRACT: Final = frozenset(
    """
    ambulance alliance government parliament department regiment establishment partnership
    organisation organization association federation corporation commission administration
    institution foundation audience division leadership station nation mission village
    sailing youth management delegation union
    """.split()
)

# Whom services are for: of what is done to them somebody else is in charge.
_SERVED: Final = frozenset(
    """
    patient pupil child baby infant person people woman man mother family resident tenant customer
    student learner user caller passenger household applicant adult anybody anyone nobody crew
    individual victim prisoner inpatient outpatient
    """.split()
)
# Places and services are bodies where they act, and things where something is done to them.
_PLACES: Final = frozenset(
    """
    site home place area centre station unit community borough region care service ward
    neighbourhood
    """.split()
)
# What happens to people: they do not do it on purpose.
_UNDERGONE: Final = frozenset(
    "wait stay remain suffer die spend experience lie be leave receive live face".split()
)
# What is said of numbers, documents and things as well as of people.
_NOT_ACTS: Final = frozenset(
    """
    align appear apply arrive be become begin belong carry change close come comprise contain
    continue contribute cost cover decline decrease depend deteriorate double drop end equal
    exceed fall finish fit follow form grow halve happen have improve include increase
    indicate last lie link match mean mirror occur open reach read reduce reflect relate rely
    remain represent rest result rise run say seem look show shrink stand start state stay take
    treble
    """.split()
)
# Verbs and adjectives of which only people and bodies can be the ones spoken of.
_PERSONAL_CUES: Final = frozenset(
    """
    passive:ask passive:invite passive:encourage passive:advise passive:urge passive:remind
    passive:instruct passive:tell passive:entitle passive:oblige passive:task
    passive:recommend passive:bind passive:mandate passive:commit
    status:entitled status:eligible verb:undertake verb:intend verb:promise verb:pledge verb:agree
    verb:wish verb:want verb:choose predicate:responsible predicate:accountable predicate:free
    predicate:welcome predicate:entitled predicate:committed predicate:obliged predicate:liberty
    noun:duty noun:right noun:liberty noun:obligation noun:responsibility noun:flexibility
    """.split()
)


def names_doer(noun: Token) -> bool:
    """Whether a noun by its make or its title names a person: "prescribers", "Dr Okafor"."""
    if any(c.lower_.strip(".") in _TITLES for c in noun.children if c.dep_ == "compound"):
        return True
    if noun.pos_ not in ("NOUN", "PROPN"):
        return False
    word = _singular(noun)
    if word in _DOERS:
        return True
    return _DOER.match(word) is not None and word not in _NOT_DOERS and word not in _THINGS


def is_thing(noun: Token) -> bool:
    """Whether a noun names a document, a number, an event or a place: "plans", "coverage"."""
    word = _singular(noun)
    if noun.tag_ == "VBG" or noun.pos_ not in ("NOUN", "PROPN"):
        return True
    if names_doer(noun) or word in _NOT_ABSTRACT:
        return False
    if noun.lower_ in _THINGS:
        return True
    return word in _THINGS or word in _NOT_DOERS or _ABSTRACT.match(word) is not None


def is_undergone(noun: Token, cue: Cue, verb: Token) -> bool:
    """Whether somebody else is in charge of what a cue says of a person: "no patient should wait".

    What they may do is theirs: "patients may choose".
    """
    if cue.rule == "modal:will" and not cue.negated and is_given(verb):
        return True
    word = _singular(noun)
    if word in _PLACES:
        return is_passive(verb)
    if cue.modality == "permission" or word not in _SERVED:
        return False
    return is_passive(verb) or verb.lemma_.lower() in _UNDERGONE


# What is given to a body or told it: others have to act.
_GIVEN: Final = frozenset(
    """
    give tell support allocate pay award grant offer send notify inform reimburse supply provide
    """.split()
)


def is_given(verb: Token) -> bool:
    """Whether a verb says what its subject gets: "systems will receive", "trusts will be told"."""
    lemma = verb.lemma_.lower()
    return lemma == "receive" or (lemma in _GIVEN and is_passive(verb))


def is_served(noun: Token) -> bool:
    """Whether a noun names those whom services are for: "patients", "anyone"."""
    return _singular(noun) in _SERVED


_SHARES: Final = frozenset({"more", "fewer", "most", "many", "few", "several", "some"})


def is_share(noun: Token) -> bool:
    """Whether people are counted and not addressed: "fewer patients", "one adult in six"."""
    numbered = any(c.dep_ == "nummod" for c in noun.children)
    for child in noun.children:
        if child.i < noun.i and child.dep_ in ("amod", "nummod", "det") and child.lower_ in _SHARES:
            return True
        among = numbered and child.lower_ == "in" and child.i == noun.i + 1
        if among and any(c.like_num for c in child.children):
            return True
    return False


def is_passive(verb: Token) -> bool:
    """Whether a verb is in the passive: its subject does not do it."""
    return any(c.dep_ == "auxpass" for c in verb.children)


def acts(noun: Token, cue: Cue, verb: Token) -> bool:
    """Whether what a cue says of `noun` can be said of people and bodies only."""
    if is_thing(noun) or any(c.lower_ == "no" for c in noun.children):
        return False
    if cue.rule.startswith("status:"):
        return cue.rule in _PERSONAL_CUES
    if is_passive(verb):
        return False
    return cue.rule in _PERSONAL_CUES or verb.lemma_.lower() not in _NOT_ACTS


def _singular(noun: Token) -> str:
    word = noun.lower_
    if noun.tag_ in ("NNS", "NNPS") or (noun.pos_ == "PROPN" and noun.lemma_ != noun.text):
        lemma = noun.lemma_.lower()
        return lemma if lemma != word else word.removesuffix("s")
    return word
