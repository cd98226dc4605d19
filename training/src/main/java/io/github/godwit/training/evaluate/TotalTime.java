package io.github.godwit.training.evaluate;

/** Classes of migrations by total time; noise matters less in long migrations. */
public enum TotalTime {
    /** Less than half a second. */
    UNDER_500_MS(500),
    /** Half a second to one second. */
    UNDER_1_S(1000),
    /** One second to two. */
    UNDER_2_S(2000),
    /** Two seconds to four. */
    UNDER_4_S(4000),
    /** Four seconds and more. */
    LONGER(Double.POSITIVE_INFINITY);

    private final double endMillis;

    TotalTime(double endMillis) {
        this.endMillis = endMillis;
    }

    /** The class of a total time in milliseconds. */
    static TotalTime ofMillis(double millis) {
        for (TotalTime one : values()) {
            if (millis < one.endMillis) {
                return one;
            }
        }
        return LONGER;
    }
}
