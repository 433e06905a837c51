# Copyright 2026 Affect for ROS 2 contributors
# SPDX-License-Identifier: Apache-2.0
"""Rules files: the shipped one loads, and what does not fit is told by rule and field."""

import copy

from affect_safety.rule import Priority
from affect_safety.rule import priority_of
from affect_safety.rules import default_rules_file
from affect_safety.rules import expand
from affect_safety.rules import load_rules
from affect_safety.rules import parse_rules
from affect_safety.rules import RulesError
from affect_safety.rules import watched_modalities
import pytest
import yaml

INDEX_RULE = {
    'name': 'stress_high', 'input': 'condition.stress', 'comparison': 'above', 'on': 0.8,
    'off': 0.6, 'on_delay_s': 1, 'off_delay_s': 2.0, 'severity': 700, 'latching': False,
    'max_shelve_s': 60.0, 'message': 'm', 'consequence': 'c', 'response': 'r', 'basis': 'site: x'}
FIT_RULE = {
    **INDEX_RULE, 'name': 'fit', 'input': 'headset.fit', 'comparison': 'is',
    'on': ['bad', 'not_worn']}
del FIT_RULE['off']


def parse(*rules):
    return parse_rules({'schema': 1, 'rules': list(rules)}, 'my.yaml')


def test_shipped_rules_load_and_mark_their_placeholders():
    rules = load_rules()
    assert {'condition.stress', 'modality.*.dead', 'fusion.dead', 'headset.fit',
            'status.unknown'} <= {rule.input for rule in rules}
    assert all(rule.is_site_specific for rule in rules if rule.is_about_wearer)


def test_on_and_off_survive_yaml_which_reads_them_as_booleans():
    text = default_rules_file().read_text(encoding='utf-8')
    assert True in yaml.safe_load(text)['rules'][0]
    (stress,) = (rule for rule in load_rules() if rule.name == 'stress_high')
    assert (stress.on, stress.off) == (0.8, 0.6)


@pytest.mark.parametrize(('field', 'value', 'remedy'), [
    ('name', 'Stress High', 'lower case'),
    ('input', 'condition.joy', 'condition.stress'),
    ('comparison', 'is', 'above'),
    ('on', 1.5, 'from 0 to 1'),
    ('on', float('nan'), 'from 0 to 1'),
    ('on', True, 'from 0 to 1'),
    ('off', 0.9, 'flutter'),
    ('on_delay_s', -1.0, 'seconds from 0'),
    ('off_delay_s', 'soon', 'seconds from 0'),
    ('max_shelve_s', float('inf'), 'seconds from 0'),
    ('severity', 0, '1 to 1000'),
    ('severity', 1001, '1 to 1000'),
    ('severity', True, '1 to 1000'),
    ('latching', 'no', 'true or false'),
    ('enabled', 1, 'true or false'),
    ('message', '  ', 'operator'),
    ('basis', 3, 'operator'),
    ('suppress_when', ['raining'], 'headset_not_worn'),
    ('colour', 'red', 'suppress_when'),
])
def test_a_field_that_does_not_fit_is_named_with_file_rule_and_remedy(field, value, remedy):
    with pytest.raises(RulesError) as error:
        parse({**INDEX_RULE, field: value})
    (complaint,) = error.value.complaints
    assert 'my.yaml' in complaint
    assert 'rule 1' in complaint
    assert f"'{field}'" in complaint
    assert remedy in complaint


@pytest.mark.parametrize(('field', 'value'), [
    ('on', 'loose'), ('on', []), ('on', True), ('off', 0.1), ('comparison', 'above')])
def test_a_rule_about_the_fit_takes_fits_only(field, value):
    with pytest.raises(RulesError, match=f"'{field}'"):
        parse({**FIT_RULE, field: value})


def test_every_missing_field_is_named_at_once():
    rule = copy.copy(INDEX_RULE)
    del rule['severity'], rule['response']
    with pytest.raises(RulesError) as error:
        parse(rule)
    assert len(error.value.complaints) == 2


def test_two_rules_of_one_name_are_refused():
    with pytest.raises(RulesError, match='used twice'):
        parse(INDEX_RULE, INDEX_RULE)


@pytest.mark.parametrize('document', [
    None, [], 'rules', {'schema': 2, 'rules': [INDEX_RULE]}, {'schema': 1},
    {'schema': 1, 'rules': []}, {'schema': 1, 'rules': ['x']},
    {'schema': 1, 'rules': [INDEX_RULE], 'extra': 1}])
def test_a_document_of_another_shape_is_refused(document):
    with pytest.raises(RulesError, match=r'my\.yaml'):
        parse_rules(document, 'my.yaml')


def test_a_file_that_is_missing_or_no_yaml_is_refused_by_name(tmp_path):
    with pytest.raises(RulesError, match='rules_file'):
        load_rules(tmp_path / 'none.yaml')
    bad = tmp_path / 'bad.yaml'
    bad.write_text('rules: [', encoding='utf-8')
    with pytest.raises(RulesError, match=r'bad\.yaml'):
        load_rules(bad)


def test_a_rule_about_all_modalities_becomes_one_for_each():
    rule = {**FIT_RULE, 'name': 'dead', 'input': 'modality.*.dead', 'on': True}
    rules = expand(parse(INDEX_RULE, rule), ['voice', 'scene'])
    assert [(r.name, r.input) for r in rules[1:]] == [
        ('dead.voice', 'modality.voice.dead'), ('dead.scene', 'modality.scene.dead')]


def test_a_modality_that_only_a_rule_names_is_watched_too():
    rule = {**FIT_RULE, 'input': 'modality.scene.dead', 'on': True}
    assert watched_modalities(parse(rule), ['voice']) == ('voice', 'scene')


def test_priority_follows_severity():
    assert [priority_of(s) for s in (1, 333, 334, 666, 667, 900, 901, 1000)] == [
        Priority.LOW, Priority.LOW, Priority.MEDIUM, Priority.MEDIUM, Priority.HIGH,
        Priority.HIGH, Priority.CRITICAL, Priority.CRITICAL]
