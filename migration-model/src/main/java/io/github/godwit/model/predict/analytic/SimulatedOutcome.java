package io.github.godwit.model.predict.analytic;

/** The costs of a simulated migration so far. */
final class SimulatedOutcome {

    double seconds;
    /** Longest time in which the guest does not run. */
    double downtimeSeconds;

    double wireBytes;
    /** Progress of the guest, in seconds at full speed. */
    double guestSeconds;
    /** CPU time of the source for scanning, encoding and sending. */
    double cpuSeconds;
    /** CPU time of the vCPUs on the source for faults on tracked pages. */
    double faultSeconds;
    /** Seconds for which the guest was on the source. */
    double secondsOnSource;

    double memoryBytes;
    boolean converges = true;

    /** Starts over for the next technique. */
    void reset() {
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

    /** Adds a period in which the guest ran on the source at some speed. */
    void runOnSource(double stretch, double speed) {
        seconds += stretch;
        secondsOnSource += stretch;
        guestSeconds += stretch * speed;
    }

    /** Scales all costs down to an earlier moment, except downtime and memory. */
    void truncateAt(double limitSeconds) {
        double share = seconds > limitSeconds ? limitSeconds / seconds : 1;
        seconds *= share;
        wireBytes *= share;
        guestSeconds *= share;
        cpuSeconds *= share;
        faultSeconds *= share;
        secondsOnSource *= share;
    }

    /** Adds a wait to the downtime that has been counted as time already. */
    void waitLongest(double stretch) {
        downtimeSeconds += stretch;
    }

    /** Adds a period of downtime. */
    void pause(double stretch) {
        seconds += stretch;
        downtimeSeconds += stretch;
    }
}
