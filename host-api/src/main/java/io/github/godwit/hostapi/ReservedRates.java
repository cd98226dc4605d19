package io.github.godwit.hostapi;

import io.github.godwit.model.unit.Bandwidth;

/**
 * How the reservation of a migration went on its source, where it was adapted to the traffic every second.
 *
 * @param first   the rate that was reserved first; zero if nothing was reserved at the beginning
 * @param lowest  the lowest rate that was reserved
 * @param mean    the mean over the time of the migration
 * @param highest the highest rate that was reserved
 * @param limit   the lowest limit that the migration had; null if it had none
 * @param changes how often rate or limit were changed
 */
public record ReservedRates(
        Bandwidth first, Bandwidth lowest, Bandwidth mean, Bandwidth highest, Bandwidth limit, int changes) {}
