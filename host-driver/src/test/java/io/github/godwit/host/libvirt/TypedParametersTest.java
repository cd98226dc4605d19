package io.github.godwit.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypedParametersTest {

    private static final int SIZE = 96;

    @Test
    void allTypesAreReadAndUnknownOnesLeftOut() {
        Memory array = new Memory(6L * SIZE);
        Memory text = new Memory(16);
        array.clear();
        text.setString(0, "cancelled");
        put(array, 0, "operation", 1).setInt(88, 5);
        put(array, 1, "time_elapsed", 4).setLong(88, 4268);
        put(array, 2, "ratio", 5).setDouble(88, 0.5);
        put(array, 3, "success", 6).setByte(88, (byte) 1);
        put(array, 4, "errmsg", 7).setPointer(88, text);
        put(array, 5, "of a later libvirt", 99);
        Map<String, Object> read = TypedParameters.read(array, 6);
        assertThat(read)
                .isEqualTo(Map.of(
                        "operation", 5L, "time_elapsed", 4268L, "ratio", 0.5, "success", true, "errmsg", "cancelled"));
        JobStats stats = new JobStats(read);
        assertThat(stats.migrationOut()).isTrue();
        assertThat(stats.success()).isTrue();
        assertThat(stats.progress().elapsedMillis()).isEqualTo(4268);
        assertThat(stats.downtimeMillis()).isEqualTo(-1);
    }

    private static com.sun.jna.Pointer put(Memory array, int place, String name, int type) {
        com.sun.jna.Pointer parameter = array.share((long) place * SIZE);
        parameter.setString(0, name);
        parameter.setInt(80, type);
        return parameter;
    }
}
