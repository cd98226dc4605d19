package io.github.godwit.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A list of Nova with a limit of its own, which changes while it is read. */
class PagedListTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> ids = new ArrayList<>(List.of("a", "b", "c", "d", "e"));
    private final List<String> hidden = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private int limit = 2;
    private Runnable meanwhile = () -> {};

    /** Nova cuts the page first and leaves items out then, as it does with hypervisors whose service was deleted. */
    private JsonNode page(Map<String, String> query) {
        String marker = query.get("marker");
        requests.add(marker == null ? query.getOrDefault("offset", "") : marker);
        int from = Integer.parseInt(query.getOrDefault("offset", "0"));
        if (marker != null) {
            if (!ids.contains(marker)) {
                throw OpenStackFaults.answered(400, "marker [%s] not found".formatted(marker));
            }
            from = ids.indexOf(marker) + 1;
        }
        List<String> cut = ids.subList(Math.min(from, ids.size()), Math.min(from + limit, ids.size()));
        JsonNode page = JSON.valueToTree(cut.stream()
                .filter(id -> !hidden.contains(id))
                .map(id -> Map.of("id", id))
                .toList());
        meanwhile.run();
        return page;
    }

    private static List<String> ids(List<JsonNode> items) {
        return items.stream().map(each -> each.path("id").asText()).toList();
    }

    @Test
    void aPageThatIsShorterThanAskedForIsNotTheLastOne() {
        assertThat(ids(PagedList.byMarker(this::page))).containsExactly("a", "b", "c", "d", "e");
        assertThat(requests).containsExactly("", "b", "d", "e");
    }

    @Test
    void aPageIsNotTheLastOneBecauseNovaLeavesOutSomeOfIt() {
        hidden.add("b");
        assertThat(ids(PagedList.byMarker(this::page))).containsExactly("a", "c", "d", "e");
    }

    @Test
    void theListGoesOnAfterItsLastItemWasDeleted() {
        meanwhile = () -> ids.remove("b");
        assertThat(ids(PagedList.byMarker(this::page))).containsExactly("a", "b", "c", "d", "e");
        assertThat(requests).startsWith("", "b", "a");
    }

    @Test
    void aListThatIsNoLongerKnownAtAllIsAnError() {
        meanwhile = ids::clear;
        assertThatThrownBy(() -> PagedList.byMarker(this::page)).isInstanceOf(OpenStackException.class);
    }

    @Test
    void anItemThatMovesToTheNextPageComesOnce() {
        limit = 3;
        meanwhile = () -> {
            if (requests.size() == 1) {
                ids.add(0, "new");
            }
        };
        assertThat(ids(PagedList.byOffset(this::page))).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void aServerThatComesTwiceIsAsItWasReadLastUnlessOnlyAPartIsKnown() throws Exception {
        List<JsonNode> pages = List.of(JSON.readTree("""
                        [{"id": "a", "status": "ACTIVE", "OS-EXT-SRV-ATTR:host": "h1"}, {"id": "b", "status": "ACTIVE"}]"""), JSON.readTree("""
                        [{"id": "a", "status": "UNKNOWN"}, {"id": "b", "status": "SHUTOFF"}, {"id": "c", "status": "ACTIVE"}]"""), JSON.readTree("[]"));
        List<JsonNode> read = PagedList.byMarker(
                query -> pages.get(query.containsKey("marker") ? ("c".equals(query.get("marker")) ? 2 : 1) : 0));
        assertThat(read)
                .extracting(each -> each.path("status").asText())
                .containsExactly("ACTIVE", "SHUTOFF", "ACTIVE");
    }

    @Test
    void aServerThatIgnoresMarkersDoesNotMakeTheListEndless() {
        JsonNode same = JSON.valueToTree(List.of(Map.of("id", "a"), Map.of("id", "b")));
        assertThat(PagedList.byMarker(query -> same)).hasSize(2);
        assertThat(PagedList.byOffset(query -> same)).hasSize(2);
    }
}
