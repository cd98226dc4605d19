package io.github.godwit.host.libvirt;

import com.sun.jna.Pointer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads arrays of libvirt's {@code virTypedParameter}: a name of 80 bytes, a type, and a union of eight bytes. */
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

    private TypedParameters() {}

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
