package io.github.godwit.model.predict.analytic;

/** What a simulated migration has cost so far. */
final class Tally {

    double seconds;
    double downtimeSeconds;
    double wireBytes;
    /** Seconds of undisturbed guest time that the guest got through. */
    double guestSeconds;
    /** CPU time of the source for scanning, encoding and sending. */
    double cpuSeconds;
    /** CPU time of the source's vCPUs for faults on tracked pages. */
    double faultSeconds;
    /** How long the guest was on the source. */
    double secondsOnSource;

    double memoryBytes;
    boolean converges = true;

    /** Forgets all, for the next technique. */
    void clear() {
        seconds = 0;
        downtimeSeconds = 0;
        wireBytes = 0;
        guestSeconds = 0;
        cpuSeconds = 0;
        faultSeconds = 0;
        secondsOnSource = 0;
        memoryBytes = 0;
        converges = true;
    }

    /** A stretch in which the guest ran on the source at some speed. */
    void onSource(double stretch, double speed) {
        seconds += stretch;
        secondsOnSource += stretch;
        guestSeconds += stretch * speed;
    }

    /** Leaves what was so far at a moment before: of all of it the same share. */
    void cutTo(double limitSeconds) {
        double share = seconds > limitSeconds ? limitSeconds / seconds : 1;
        seconds *= share;
        wireBytes *= share;
        guestSeconds *= share;
        cpuSeconds *= share;
        faultSeconds *= share;
        secondsOnSource *= share;
    }

    /** A stretch in which the guest stood still, but which QEMU does not count as downtime. */
    void stalled(double stretch) {
        seconds += stretch;
    }

    /** A stretch in which the guest stood still. */
    void paused(double stretch) {
        seconds += stretch;
        downtimeSeconds += stretch;
    }
}
