package io.github.godwit.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.training.data.RowFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Rows of the shipped dataset and variations of them. */
public final class TrainingRows {

    private static final Path SHIPPED = Path.of("data/lab.jsonl.gz");

    private TrainingRows() {}

    /** The first usable rows of guests under KVM whose migration converged. */
    public static List<DatasetRow> real(int count) throws IOException {
        return RowFiles.read(SHIPPED).stream()
                .filter(row -> row.undisturbed()
                        && row.outcome().converged()
                        && row.outcome().migrationCase().vm().accelerator() == Accelerator.KVM)
                .limit(count)
                .toList();
    }

    /** The same migration under another accelerator. */
    public static DatasetRow runBy(Accelerator accelerator, DatasetRow row) throws IOException {
        ObjectNode tree = WireJson.mapper().valueToTree(row);
        tree.put("accelerator", accelerator.qemuName());
        ((ObjectNode) tree.at("/outcome/migrationCase/vm")).put("accelerator", accelerator.name());
        return WireJson.mapper().treeToValue(tree, DatasetRow.class);
    }

    /** The same case with another id, migrated by pre-copy with another total time, in milliseconds. */
    public static DatasetRow taking(double totalMillis, String caseId, DatasetRow row) throws IOException {
        ObjectNode tree = WireJson.mapper().valueToTree(row);
        tree.put("caseId", caseId).put("id", caseId + "-PRE");
        ObjectNode outcome = (ObjectNode) tree.get("outcome");
        outcome.put("technique", "PRE");
        ((ObjectNode) outcome.get("measured")).put("TT", totalMillis);
        return WireJson.mapper().treeToValue(tree, DatasetRow.class);
    }
}
