package io.github.godwit.model.predict.analytic;

/**
 * Replays the page faults of a VM in post-copy without preemption. The VM runs until it touches a page that was not
 * sent, requests it, and waits until everything in flight and the page have arrived. The source continues from the
 * requested page (QEMU, migration/ram.c, {@code get_queued_page}), so one fault also brings the pages behind it, and
 * some tens of faults bring all pages.
 *
 * <p>The model divides memory into four regions, one after the other: pages that are written often, pages that are
 * written occasionally, other pages, and zero pages. The touched page of a region is drawn from a fixed sequence, so
 * every replay is the same.
 */
final class FaultReplay {

    private static final int HOT = 0;
    private static final int COLD = 1;
    private static final int OTHER = 2;
    private static final int ZERO = 3;
    private static final int REGIONS = 4;
    private static final int MAX_FAULTS = 400;
    private static final double GOLDEN = 0.6180339887498949;
    private static final double SILVER = 0.4142135623730950;
    private static final double MIN_PAGES = 0.5;

    private final double[] missing = new double[REGIONS];
    private final double[] secondsPerPage = new double[REGIONS];
    private double wait;
    private double backlogGrowth;
    private double maxBacklog;

    private int region;
    private double ahead;
    private double secondsAmongZeros;

    /**
     * Sets how many pages of each region are missing, and how fast they arrive.
     *
     * @param hot                pages that are written often
     * @param cold               pages that are written occasionally
     * @param other              other pages that are not zero
     * @param zero               zero pages
     * @param secondsPerPage     seconds for each page that is not zero
     * @param secondsPerZeroPage seconds in which the destination places a zero page
     */
    void begin(double hot, double cold, double other, double zero, double secondsPerPage, double secondsPerZeroPage) {
        missing[HOT] = hot;
        missing[COLD] = cold;
        missing[OTHER] = other;
        missing[ZERO] = zero;
        for (int i = 0; i < ZERO; i++) {
            this.secondsPerPage[i] = secondsPerPage;
        }
        this.secondsPerPage[ZERO] = secondsPerZeroPage;
        region = HOT;
        ahead = hot;
        secondsAmongZeros = 0;
    }

    /**
     * Sets how long the VM waits for a page.
     *
     * @param wait          seconds, when pages that are not zero are in flight
     * @param maxBacklog    additional seconds when as many zero pages as possible are in flight
     * @param backlogGrowth growth of these additional seconds for each second in which zero pages are received
     */
    void setWait(double wait, double maxBacklog, double backlogGrowth) {
        this.wait = wait;
        this.maxBacklog = maxBacklog;
        this.backlogGrowth = backlogGrowth;
    }

    /** Seconds for which a VM that writes at random runs, out of {@code span} seconds. */
    double run(WriteLocality locality, double span) {
        double hotAtFirst = Math.max(MIN_PAGES, missing[HOT]);
        double coldAtFirst = Math.max(MIN_PAGES, missing[COLD]);
        double left = span;
        double guest = 0;
        double place = GOLDEN;
        double choice = SILVER;
        for (int fault = 0; fault < MAX_FAULTS && left > 0; fault++) {
            double hotFaults = locality.hotRate() * missing[HOT] / hotAtFirst;
            double coldFaults = locality.coldRate() * missing[COLD] / coldAtFirst;
            double faults = hotFaults + coldFaults;
            double runs = faults * left < 1 ? left : 1 / faults;
            send(runs);
            guest += runs;
            left -= runs;
            if (left <= 0 || missing[HOT] + missing[COLD] < MIN_PAGES) {
                break;
            }
            double waits = wait + (region == ZERO ? Math.min(maxBacklog, secondsAmongZeros * backlogGrowth) : 0);
            region = choice * faults < hotFaults ? HOT : COLD;
            ahead = Math.max(Math.min(1, missing[region]), place * missing[region]);
            secondsAmongZeros = 0;
            send(Math.min(left, waits));
            left -= waits;
            place = fraction(place + GOLDEN);
            choice = fraction(choice + SILVER);
        }
        return guest + Math.max(0, left);
    }

    private static double fraction(double value) {
        return value >= 1 ? value - 1 : value;
    }

    /** Continues the stream for some seconds. */
    private void send(double seconds) {
        double left = seconds;
        for (int turn = 0; turn <= REGIONS && left > 0; turn++) {
            double pages = Math.min(ahead, left / secondsPerPage[region]);
            missing[region] -= pages;
            ahead -= pages;
            left -= pages * secondsPerPage[region];
            if (region == ZERO) {
                secondsAmongZeros += pages * secondsPerPage[region];
            }
            if (left > 0) {
                region = (region + 1) % REGIONS;
                ahead = missing[region];
            }
        }
    }
}
