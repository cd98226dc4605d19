package io.github.godwit.lab.collect;

/**
 * A range of a parameter.
 *
 * @param low  its lower end
 * @param high its upper end
 */
record Range(double low, double high) {

    /** The value at a position from 0 to 1 on a linear scale. */
    double at(double place) {
        return low + (high - low) * place;
    }

    /** The value at a position from 0 to 1 on a logarithmic scale; the lower end must be positive. */
    double logarithmicAt(double place) {
        return low * Math.pow(high / low, place);
    }
}
