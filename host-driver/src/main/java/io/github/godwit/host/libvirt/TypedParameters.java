package io.github.godwit.host.libvirt;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads and writes arrays of libvirt's {@code virTypedParameter}: a name of 80 bytes, a type, and a union of eight bytes. */
final class TypedParameters {

    private static final int TYPE = 80;
    private static final int VALUE = 88;
    private static final int SIZE = 96;

    private static final int INT = 1;
    private static final int UINT = 2;
    private static final int LLONG = 3;
    private static final int ULLONG = 4;
    private static final int DOUBLE = 5;
    private static final int BOOLEAN = 6;
    private static final int STRING = 7;

    /** Parameters of migrations whose numbers have 64 bits; those of the others have 32. */
    private static final Set<String> LONGS =
            Set.of("bandwidth", "bandwidth.postcopy", "compression.xbzrle.cache", "bandwidth.avail.switchover");

    private TypedParameters() {}

    /**
     * An array in native memory, which lives as long as this.
     *
     * @param array   the array
     * @param count   number of its parameters
     * @param strings the strings that it points to
     */
    record Written(Memory array, int count, List<Memory> strings) {}

    /**
     * Writes parameters of a migration.
     *
     * @param values numbers, strings, or lists of strings, which become one parameter each
     */
    static Written write(Map<String, Object> values) {
        List<Map.Entry<String, Object>> flat = new ArrayList<>();
        values.forEach((name, value) -> {
            List<?> each = value instanceof List<?> list ? list : List.of(value);
            each.forEach(one -> flat.add(Map.entry(name, one)));
        });
        Memory array = new Memory((long) SIZE * Math.max(1, flat.size()));
        array.clear();
        List<Memory> strings = new ArrayList<>();
        for (int i = 0; i < flat.size(); i++) {
            Pointer parameter = array.share((long) i * SIZE);
            String name = flat.get(i).getKey();
            parameter.setString(0, name, StandardCharsets.US_ASCII.name());
            if (flat.get(i).getValue() instanceof Number number) {
                boolean wide = LONGS.contains(name);
                parameter.setInt(TYPE, wide ? ULLONG : INT);
                parameter.setLong(VALUE, wide ? number.longValue() : number.intValue() & 0xffff_ffffL);
            } else {
                byte[] text = flat.get(i).getValue().toString().getBytes(StandardCharsets.UTF_8);
                Memory string = new Memory(text.length + 1L);
                string.write(0, text, 0, text.length);
                string.setByte(text.length, (byte) 0);
                strings.add(string);
                parameter.setInt(TYPE, STRING);
                parameter.setPointer(VALUE, string);
            }
        }
        return new Written(array, flat.size(), List.copyOf(strings));
    }

    /** The values by name, as {@link Long}, {@link Double}, {@link Boolean} or {@link String}; unknown types are left out. */
    static Map<String, Object> read(Pointer array, int count) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Pointer parameter = array.share((long) i * SIZE);
            Object value = value(parameter);
            if (value != null) {
                values.put(parameter.getString(0), value);
            }
        }
        return values;
    }

    private static Object value(Pointer parameter) {
        return switch (parameter.getInt(TYPE)) {
            case INT -> (long) parameter.getInt(VALUE);
            case UINT -> Integer.toUnsignedLong(parameter.getInt(VALUE));
            case LLONG, ULLONG -> parameter.getLong(VALUE);
            case DOUBLE -> parameter.getDouble(VALUE);
            case BOOLEAN -> parameter.getByte(VALUE) != 0;
            case STRING -> parameter.getPointer(VALUE).getString(0);
            default -> null;
        };
    }
}
