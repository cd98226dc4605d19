package io.github.godwit.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    @Test
    void whatIsWrittenIsReadAgainWithTheTypesOfLibvirt() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("bandwidth", 50L);
        values.put("parallel.connections", 4);
        values.put("migrate_uri", "tcp://10.0.0.2");
        values.put("compression", List.of("mt", "xbzrle"));
        values.put("compression.xbzrle.cache", 5L << 30);

        TypedParameters.Written written = TypedParameters.write(values);

        assertThat(written.count())
                .as("a list has one parameter for each value")
                .isEqualTo(6);
        assertThat(TypedParameters.read(written.array(), written.count()))
                .containsEntry("bandwidth", 50L)
                .containsEntry("parallel.connections", 4L)
                .containsEntry("migrate_uri", "tcp://10.0.0.2")
                .containsEntry("compression", "xbzrle")
                .containsEntry("compression.xbzrle.cache", 5L << 30);
        assertThat(List.of(type(written, 0), type(written, 1), type(written, 2), type(written, 3), type(written, 5)))
                .as("VIR_TYPED_PARAM_ULLONG is 4, INT 1, STRING 7")
                .containsExactly(4, 1, 7, 7, 4);
    }

    @Test
    void noParametersAreAnArrayToo() {
        assertThat(TypedParameters.write(Map.of()).count()).isZero();
    }

    @Test
    void flagsAreTheBitsOfLibvirt() {
        assertThat(DomainMigrations.bits(Set.of("VIR_MIGRATE_LIVE", "VIR_MIGRATE_PEER2PEER", "VIR_MIGRATE_POSTCOPY")))
                .isEqualTo(1 + 2 + 32768);
        assertThatThrownBy(() -> DomainMigrations.bits(Set.of("VIR_MIGRATE_BY_MAIL")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("VIR_MIGRATE_BY_MAIL");
    }

    private static int type(TypedParameters.Written written, int place) {
        return written.array().getInt((long) place * SIZE + 80);
    }

    private static com.sun.jna.Pointer put(Memory array, int place, String name, int type) {
        com.sun.jna.Pointer parameter = array.share((long) place * SIZE);
        parameter.setString(0, name);
        parameter.setInt(80, type);
        return parameter;
    }
}
