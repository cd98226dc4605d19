package io.github.godwit.model.predict.forest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.predict.forest.ModelFormat.UnusableModelException;
import io.github.godwit.model.predict.forest.PredictionModel.About;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.Technique;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class ModelFormatTest {

    private static final int FORMAT_AT = "Godwit prediction model\n".length();
    private static final int SCHEMA_AT = FORMAT_AT + 4;

    private static byte[] written() throws IOException {
        return written(DrawnModels.ofPre(DrawnModels.around(1), 2, 3));
    }

    private static byte[] written(PredictionModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ModelFormat.write(model, out);
        return out.toByteArray();
    }

    private static PredictionModel read(byte[] bytes) throws IOException {
        return ModelFormat.read(new ByteArrayInputStream(bytes));
    }

    @Test
    void whatIsReadPredictsAsWhatWasWritten() throws IOException {
        PredictionModel before = DrawnModels.ofPre(DrawnModels.around(1), 2, 3);
        PredictionModel after = read(written());

        assertThat(after.about()).isEqualTo(before.about());
        assertThat(new ForestPredictor(after, new AnalyticPredictor()).predict(DrawnModels.CASE, Technique.PRE_COPY))
                .isEqualTo(new ForestPredictor(before, new AnalyticPredictor())
                        .predict(DrawnModels.CASE, Technique.PRE_COPY));
    }

    @Test
    void theAcceleratorsOfTheRowsAreKept() throws IOException {
        PredictionModel any = DrawnModels.ofPre(DrawnModels.around(1), 2, 3);
        for (Set<Accelerator> accelerators :
                List.of(Set.of(Accelerator.TCG), Set.of(Accelerator.KVM, Accelerator.TCG))) {
            About about = new About("f00", 7, "2026-01-01T00:00:00Z", "a test", accelerators);
            PredictionModel model =
                    new PredictionModel(about, any.domain(), any.trees(), any.ensembles(), any.converged());

            assertThat(read(written(model)).about()).isEqualTo(about);
        }
    }

    @Test
    void aModelOfNoAcceleratorIsRefused() throws IOException {
        assertThatThrownBy(() -> new About("f00", 7, "2026-01-01T00:00:00Z", "a test", Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs the accelerators of the rows");
        byte[] ofNone = beginning();
        assertThatThrownBy(() -> read(ofNone))
                .isInstanceOf(UnusableModelException.class)
                .hasMessageContaining("needs the accelerators of the rows");
    }

    @Test
    void aModelOfAnAcceleratorThatNobodyKnowsIsRefused() throws IOException {
        byte[] ofXen = beginning("xen");
        assertThatThrownBy(() -> read(ofXen))
                .isInstanceOf(UnusableModelException.class)
                .hasMessageContaining("There is no accelerator 'xen'");
    }

    /** A file whose checksum is right, of a model up to its accelerators. */
    private static byte[] beginning(String... accelerators) throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DataOutputStream about = new DataOutputStream(new DeflaterOutputStream(deflated))) {
            about.writeUTF("f00");
            about.writeInt(7);
            about.writeUTF("2026-01-01T00:00:00Z");
            about.writeUTF("a test");
            about.writeInt(accelerators.length);
            for (String accelerator : accelerators) {
                about.writeUTF(accelerator);
            }
        }
        byte[] body = deflated.toByteArray();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream head = new DataOutputStream(file);
        head.write("Godwit prediction model\n".getBytes(StandardCharsets.US_ASCII));
        head.writeInt(ModelFormat.VERSION);
        head.writeInt(CaseVector.SCHEMA);
        head.writeInt(body.length);
        head.write(ModelFormat.sha256(body));
        head.write(body);
        return file.toByteArray();
    }

    @Test
    void everyCutIsNoticed() throws IOException {
        byte[] whole = written();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(UnusableModelException.class);
        }
    }

    @Test
    void everyChangedByteIsNoticed() throws IOException {
        byte[] whole = written();
        for (int place = 0; place < whole.length; place++) {
            byte[] changed = whole.clone();
            changed[place] ^= 0x10;
            assertThatThrownBy(() -> read(changed)).as("byte %d", place).isInstanceOf(UnusableModelException.class);
        }
    }

    @Test
    void aNewerSchemaIsRefusedWithAdvice() throws IOException {
        byte[] newer = written();
        ByteBuffer.wrap(newer).putInt(SCHEMA_AT, CaseVector.SCHEMA + 1);

        assertThatThrownBy(() -> read(newer)).hasMessageContaining("Update this program");
    }

    @Test
    void anOlderSchemaIsToBeExportedAgain() throws IOException {
        byte[] older = written();
        ByteBuffer.wrap(older).putInt(SCHEMA_AT, CaseVector.SCHEMA - 1);

        assertThatThrownBy(() -> read(older)).hasMessageContaining("Export it again");
    }

    @Test
    void anOlderFormatIsToBeExportedAgain() throws IOException {
        byte[] older = written();
        ByteBuffer.wrap(older).putInt(FORMAT_AT, ModelFormat.VERSION - 1);

        assertThatThrownBy(() -> read(older)).hasMessageContaining("Export it again");
    }

    @Test
    void somethingElseIsNoModel() {
        assertThatThrownBy(() -> read("{\"rows\": 3}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .hasMessage("This is not a prediction model of Godwit.");
    }
}
