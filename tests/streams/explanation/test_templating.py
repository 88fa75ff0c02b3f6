from streams.explanation.templating import with_placeholders

VALUES = {"subject": "192.0.2.7", "loss_percent": "75", "sent": "20", "packets_sent": "20", "state": "down", "n": "4"}


def test_literal_values_become_the_placeholders_that_stand_for_them() -> None:
    text = with_placeholders("75% of packets to 192.0.2.7 (75 %) are lost.", VALUES)
    assert text == "{loss_percent}% of packets to {subject} ({loss_percent} %) are lost."


def test_parts_of_longer_names_and_numbers_stay() -> None:
    text = "192.0.2.70, 175, 7.5, 75.1, 192.0.2.7/24, a-75"
    assert with_placeholders(text, VALUES) == text


def test_what_may_mean_several_things_stays() -> None:
    text = "20 packets, 4 of them; the link is down"
    assert with_placeholders(text, VALUES) == text


def test_findings_of_one_subject_share_its_first_placeholder() -> None:
    values = {"subject": "Gi0/1", "subject_2": "Gi0/1", "subject_3": "Gi0/2"}
    assert with_placeholders("Gi0/1 and Gi0/2", values) == "{subject} and {subject_3}"


def test_placeholders_stay_as_they_are() -> None:
    assert with_placeholders("{subject} and {other}", {"x": "subject", "y": "{other}"}) == "{subject} and {other}"
