package io.github.godwit.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.lab.experiment.BarChart.Bar;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ExperimentPlotsTest {

    @TempDir
    Path directory;

    private static Map<String, BarChart> charts(String results) throws IOException {
        return ExperimentPlots.charts(new ObjectMapper().readTree(results));
    }

    /** The longest bar is 420 wide, one of half the value 210; the first rectangle is the background. */
    @Test
    void barsAreAsLongAsTheirValues() throws Exception {
        String svg = new BarChart("a < b & c", List.of(new Bar("x", 20, true), new Bar("y", 10, false))).svg();
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        var bars = document.getElementsByTagName("rect");
        assertThat(bars.getLength()).isEqualTo(3);
        assertThat(((Element) bars.item(1)).getAttribute("width")).isEqualTo("420.0");
        assertThat(((Element) bars.item(2)).getAttribute("width")).isEqualTo("210.0");
        assertThat(((Element) bars.item(1)).getAttribute("fill"))
                .isNotEqualTo(((Element) bars.item(2)).getAttribute("fill"));
        assertThat(document.getElementsByTagName("text").item(0).getTextContent())
                .isEqualTo("a < b & c");
    }

    @Test
    void aChartWithoutAValueHasNoBars() {
        assertThat(new BarChart("empty", List.of()).svg()).contains("</svg>");
        assertThat(new BarChart("zero", List.of(new Bar("x", 0, false))).svg()).contains("width=\"0.0\"");
    }

    @Test
    void ordersAreSortedAndOursStandsOut() throws IOException {
        BarChart chart = charts("""
                        {"experiment":"order","technique":"POST","godwit":{"order":"b-a"},
                        "orders":[{"order":"a-b","tmt_s":9},{"order":"b-a","tmt_s":5}]}""").get("order");
        assertThat(chart.bars()).containsExactly(new Bar("b-a (godwit)", 5, true), new Bar("a-b", 9, false));
        assertThat(chart.title()).contains("POST");
    }

    @Test
    void everyExperimentHasCharts() throws IOException {
        assertThat(charts("""
                        {"experiment":"reservation","PRE":{"none":8,"loop":6},"sender_kept":{"PRE":{"loop":0.5}}}""").get("reservation-PRE").bars())
                .containsExactly(new Bar("none", 8, false), new Bar("loop", 6, true));
        assertThat(charts("""
                        {"experiment":"drain","serial_pre":{"empty_s":30},"godwit":{"empty_s":12}}""").get("drain-empty_s").bars())
                .containsExactly(new Bar("serial_pre", 30, false), new Bar("godwit", 12, true));
        assertThat(charts("""
                        {"experiment":"priority","rows":[{"direction":"in-out","vms":"in-in","urgency":"high",
                        "technique":"traffic_aware","total_s":3}]}""").get("priority-high-total_s").bars())
                .containsExactly(new Bar("in-out, VMs in-in, traffic_aware", 3, true));
    }

    @Test
    void picturesAreWrittenBesideEachOther() throws IOException {
        Path file = directory.resolve("order.json");
        Path pictures = directory.resolve("a/b");
        assertThat(ExperimentPlots.write(List.of(file), pictures)).isEmpty();
        Files.writeString(file, "{\"experiment\":\"order\",\"orders\":[{\"order\":\"a-b\",\"tmt_s\":9}]}");
        assertThat(ExperimentPlots.write(List.of(file), pictures)).containsExactly(pictures.resolve("order.svg"));
        assertThat(pictures.resolve("order.svg")).content().startsWith("<svg");
    }
}
