package io.github.godwit.model.forest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.Technique;
import io.github.godwit.model.analytic.AnalyticPredictor;
import io.github.godwit.model.forest.ModelFormat.UnusableModelException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ModelFormatTest {

    private static final int FORMAT_AT = "Godwit prediction model\n".length();
    private static final int SCHEMA_AT = FORMAT_AT + 4;

    private static byte[] written() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ModelFormat.write(Models.ofPre(Models.around(1), 2, 3), out);
        return out.toByteArray();
    }

    private static PredictionModel read(byte[] bytes) throws IOException {
        return ModelFormat.read(new ByteArrayInputStream(bytes));
    }

    @Test
    void whatIsReadPredictsAsWhatWasWritten() throws IOException {
        PredictionModel before = Models.ofPre(Models.around(1), 2, 3);
        PredictionModel after = read(written());

        assertThat(after.about()).isEqualTo(before.about());
        assertThat(new ForestPredictor(after, new AnalyticPredictor()).predict(Models.CASE, Technique.PRE))
                .isEqualTo(new ForestPredictor(before, new AnalyticPredictor()).predict(Models.CASE, Technique.PRE));
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
