"""Plots show the figures of the data, tell nothing by colour alone, and say in words what they show."""

import datetime
import io

import pytest
from test_benchmark import DARLINGTON, NEIGHBOURS, report, reports

from ofsted_nlp.analysis.benchmark import benchmark
from ofsted_nlp.analysis.clustering.clusters import Assignment, Cluster, Clustering
from ofsted_nlp.authorities import register
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.presentation.plots import benchmark_plot, judgement_timeline
from ofsted_nlp.presentation.plots_national import cluster_map, corpus_plot, heat_map, latest_full, theme_trends
from ofsted_nlp.records import Judgement


def words(figure):
    """Every text of a figure."""
    from matplotlib.text import Text

    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def contrast(one, other):
    """Contrast of two colours as WCAG 2.2 counts it."""
    from matplotlib.colors import to_rgb

    def light(colour):
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_letters_of_grades_can_be_read_and_are_all_different():
    from ofsted_nlp.presentation.chart import GRADES

    assert all(contrast(fill, ink) >= 4.5 for _, fill, ink in GRADES.values())
    assert len({letter for letter, _, _ in GRADES.values()}) == len(GRADES)


def test_every_plot_has_title_source_number_and_alternative_text(tmp_path):
    made = benchmark(reports(), "Darlington")
    latest = latest_full(reports())
    figures = [benchmark_plot(made, kind) for kind in ("profile", "timeline", "heat_map")]
    figures += [heat_map(latest), heat_map(latest, "strength", wanted=1), theme_trends(years(), "assessment")]
    figures.append(cluster_map(clustering()))
    for number, figure in enumerate(figures):
        assert figure.caption and len(figure.alt) > 60, figure
        said = " ".join(words(figure))
        assert "n = " in said and "Source: Ofsted inspection reports" in said
        assert f'<img alt="{figure.alt[:10]}' in figure._repr_html_()
        path = tmp_path / f"{number}.png"
        figure.save(path, resolution=40)
        from PIL import Image

        with Image.open(path) as picture:
            assert picture.info["Description"] == figure.alt


def test_alternative_text_is_escaped():
    figure = benchmark_plot(benchmark(reports(), "Darlington"))
    figure.alt = '"><script>alert(1)</script>'
    assert "<script>" not in figure._repr_html_()


def test_the_profile_has_bars_and_expected_marks():
    figure = benchmark_plot(benchmark(reports(), "Darlington"), "profile")
    axes = figure.axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == [
        "Early help",
        "Assessment",
        "Allegations against professionals",
        "Adoption",
        "Homes and placements",
    ]
    widths = {round(bar.get_y() + 0.3): round(bar.get_width(), 2) for bar in axes.patches[: len(labels)]}
    assert widths == {0: 0, 1: -0.5, 2: 0, 3: 0, 4: -0.25}
    marks = [round(float(x), 2) for x, _ in axes.collections[0].get_offsets()]
    assert marks == [-6 / 20, -2 / 20, 0, 0, 0]
    assert {bar.get_hatch() for bar in axes.patches} == {"////", ""}
    assert "No theme stands out clearly." in figure.alt
    assert {"Concerns", "Strengths", "Expected", "Usual range"} <= {t.get_text() for t in axes.get_legend().get_texts()}
    with pytest.raises(NotFoundError, match="no findings of Darlington to plot"):
        benchmark_plot(benchmark([report(DARLINGTON)], "Darlington"))
    with pytest.raises(UsageError, match="no plot 'pie' of a benchmark: profile, timeline, heat_map"):
        benchmark_plot(benchmark(reports(), "Darlington"), "pie")


def test_the_timeline_has_a_letter_for_every_grade_and_a_mark_for_a_visit():
    visit = report(DARLINGTON, "2020-02-01", None, framework="ilacs_focused_visit")
    figure = judgement_timeline(benchmark([*reports(), visit], "Darlington"))
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "Overall effectiveness",
        "Focused visits",
        "Area SEND inspections",
    ]
    letters = [text.get_text() for text in axes.texts]
    assert letters[:2] == ["RI", "G"] and {"ILACS\nMar 2018", "ILACS\nOct 2022"} <= set(letters)
    assert sum(line.get_marker() == "v" for line in axes.lines) == 1
    assert "22 March 2018" in figure.alt and "overall effectiveness requires improvement" in figure.alt
    assert "2 visits and inspections without a grade" in figure.alt
    assert "Marks without a letter" in " ".join(words(figure))


def test_an_unknown_grade_has_letters_of_its_own():
    odd = report(DARLINGTON, "2023-01-01", None)
    object.__setattr__(odd, "judgements", (Judgement("overall_effectiveness", "met", "x", 1),))
    assert "me" in [text.get_text() for text in judgement_timeline(benchmark([odd], "Darlington")).axes[0].texts]


def test_the_heat_map_has_the_number_of_findings_in_its_cells():
    latest = latest_full(reports())
    figure = heat_map({DARLINGTON.urn: latest[DARLINGTON.urn], **latest})
    axes = figure.axes[0]
    assert axes.get_yticklabels()[0].get_text() == "Darlington  G"
    assert [label.get_text() for label in axes.get_xticklabels()] == [
        "Early help",
        "Assessment",
        "Homes and placements",
    ]
    cells = {tuple(map(int, text.get_position())): text.get_text() for text in axes.texts}
    assert cells[1, 0] == "2" and cells[2, 0] == "1" and (0, 0) not in cells
    image = axes.images[0].get_array()
    assert image[0].tolist() == [0, 0.5, 0.25]
    with pytest.raises(UsageError, match="not 'mixed'"):
        heat_map(latest, "mixed")
    with pytest.raises(NotFoundError, match="no findings to plot"):
        heat_map({})


def test_all_england_stands_by_region():
    made = [report(entry, concerns=["assessment"]) for entry in register().current()]
    figure = heat_map(latest_full(made))
    axes = figure.axes[0]
    regions = [text.get_text() for text in axes.texts]
    assert regions == sorted({entry.region for entry in register().current()})
    assert len(axes.get_yticklabels()) == len(made)


def years():
    """Six reports in each of 2014 and 2019 to 2022; a concern about assessment in ever fewer of them."""
    made = []
    for year, raising in ((2014, 6), (2019, 6), (2020, 4), (2021, 2), (2022, 0)):
        for number, entry in enumerate([DARLINGTON, *NEIGHBOURS[:5]]):
            concerns = ["assessment" if number < raising else "early_help", "adoption"]
            framework = "sif" if year == 2014 else "ilacs"
            made.append(report(entry, f"{year}-06-30", concerns=concerns, framework=framework))
            object.__setattr__(made[-1].source, "sha256", f"{year}-{entry.urn}")
    return made


def test_trends_draw_frameworks_apart_and_leave_out_thin_years():
    thin = report(DARLINGTON, "2023-06-30", concerns=["assessment"])
    figure = theme_trends([*years(), thin], ["assessment", "Early help"])
    drawn = [line for line in figure.axes[0].lines if line.get_marker() in ("o", "s")]
    sif, ilacs = [line for line in drawn if line.get_marker() == "o"]
    assert [round(y, 2) for y in sif.get_ydata()] == [0.5]
    assert [round(y, 2) for y in ilacs.get_ydata()] == [0.5, 0.33, 0.17, 0]
    assert (sif.get_linestyle(), ilacs.get_linestyle()) == ("--", "-")
    assert "2022: 6, 2023: 1" in " ".join(words(figure)).replace("\n", " ")
    assert "Assessment: among concerns falling" in figure.alt
    with pytest.raises(NotFoundError, match="no theme 'no such'"):
        theme_trends(years(), "no such")
    with pytest.raises(NotFoundError, match="no dated full reports"):
        theme_trends([], "assessment")


def clustering():
    def cluster(number, theme, polarity, size):
        return Cluster(number, f"Cluster {number}", polarity, theme, ("word",), size, ("Wexbury",), {2020: size}, ())

    made = [cluster(1, "assessment", "concern", 30), cluster(2, "assessment", "concern", 10)]
    made += [cluster(3, "adoption", "strength", 20), cluster(4, "adoption", "recommendation", 5)]
    alone = Assignment("f", "a.pdf", "", None, None, 0.0, "no_text", "concern")
    return Clustering(tuple(made), (alone,))


def test_the_cluster_map_has_a_block_a_cluster():
    figure = cluster_map(clustering())
    concerns, strengths, recommendations = figure.axes
    assert [bar.get_width() for bar in concerns.patches] == [30, 10]
    assert [bar.get_x() for bar in concerns.patches] == [0, 30]
    assert [text.get_text() for text in concerns.texts] == ["2"]
    assert [bar.get_width() for bar in strengths.patches] == [20]
    assert [bar.get_width() for bar in recommendations.patches] == [5]
    assert "65 findings in 4 clusters; 1 are in none" in " ".join(words(figure)).replace("\n", " ")
    with pytest.raises(NotFoundError, match="no clusters to plot"):
        cluster_map(Clustering((), ()))


def test_plots_of_a_corpus():
    class Held:
        def reports(self, as_of=None):
            assert as_of == datetime.date(2024, 1, 1)
            return reports()

    assert corpus_plot(Held(), "heat_map", as_of=datetime.date(2024, 1, 1), wanted=2).axes[0].images
    with pytest.raises(UsageError, match="no plot 'pie' of a corpus"):
        corpus_plot(Held(), "pie")
    buffer = io.BytesIO()
    corpus_plot(Held(), as_of=datetime.date(2024, 1, 1)).savefig(buffer, dpi=30)
    assert buffer.getvalue()
