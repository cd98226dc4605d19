package io.github.godwit.lab.collect;

/**
 * A range of a parameter.
 *
 * @param low  its lower end
 * @param high its upper end
 */
record Range(double low, double high) {

    /** The value at a place from 0 to 1, evenly. */
    double at(double place) {
        return low + (high - low) * place;
    }

    /** The value at a place from 0 to 1, each factor of two equally often; needs a positive lower end. */
    double logarithmicAt(double place) {
        return low * Math.pow(high / low, place);
    }
}
