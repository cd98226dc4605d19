package io.github.godwit.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.training.data.RowFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** TrainingRows of the shipped dataset, and rows made of them. */
public final class TrainingRows {

    private static final Path SHIPPED = Path.of("data/lab.jsonl.gz");

    private TrainingRows() {}

    /** TrainingRows that can be learned from, of migrations of guests under KVM that ended; the first of them. */
    public static List<DatasetRow> real(int count) throws IOException {
        return RowFiles.read(SHIPPED).stream()
                .filter(row -> row.undisturbed()
                        && row.outcome().converged()
                        && row.outcome().migrationCase().vm().accelerator() == Accelerator.KVM)
                .limit(count)
                .toList();
    }

    /** The same migration, had the guest been run otherwise. */
    public static DatasetRow runBy(Accelerator accelerator, DatasetRow row) throws IOException {
        ObjectNode tree = WireJson.mapper().valueToTree(row);
        ((ObjectNode) tree.at("/outcome/migrationCase/vm")).put("accelerator", accelerator.name());
        return WireJson.mapper().treeToValue(tree, DatasetRow.class);
    }

    /** The same case under another name, migrated by pre-copy in another time, in ms. */
    public static DatasetRow taking(double totalMillis, String caseId, DatasetRow row) throws IOException {
        ObjectNode tree = WireJson.mapper().valueToTree(row);
        tree.put("caseId", caseId).put("id", caseId + "-PRE");
        ObjectNode outcome = (ObjectNode) tree.get("outcome");
        outcome.put("technique", "PRE");
        ((ObjectNode) outcome.get("measured")).put("TT", totalMillis);
        return WireJson.mapper().treeToValue(tree, DatasetRow.class);
    }
}
