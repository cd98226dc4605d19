package io.github.godwit.model.predict.analytic;

/**
 * Replays the page faults of a VM in post-copy without preemption: it runs until it touches a page that was not sent, asks for it,
 * and waits until what is in flight and the page have arrived. The source goes on from the page that was asked for
 * ({@code get_queued_page} in QEMU's migration/ram.c), so that one fault brings the pages behind it too; some tens of faults bring all.
 *
 * <p>Memory is taken for four regions, one after the other: pages that are written often, pages that are written now and then, other
 * pages, and zero pages. Which page of a region is touched is drawn from a fixed sequence, so that the replay is the same every time.
 */
final class FaultReplay {

    private static final int HOT = 0;
    private static final int COLD = 1;
    private static final int OTHER = 2;
    private static final int ZERO = 3;
    private static final int REGIONS = 4;
    private static final int MOST_FAULTS = 400;
    private static final double GOLDEN = 0.6180339887498949;
    private static final double SILVER = 0.4142135623730950;
    private static final double LEAST_PAGES = 0.5;

    private final double[] missing = new double[REGIONS];
    private final double[] secondsPerPage = new double[REGIONS];
    private double wait;
    private double backlogGrowth;
    private double mostBacklog;

    private int region;
    private double ahead;
    private double secondsAmongZeros;

    /**
     * What is missing, and how fast it comes.
     *
     * @param secondsPerPage     of a page that is not zero
     * @param secondsPerZeroPage of a zero page, as the destination takes them
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
     * How long the VM waits.
     *
     * @param wait          in seconds, where other pages are in flight
     * @param mostBacklog   seconds more where as many zero pages are in flight as there can be
     * @param backlogGrowth by how much they become more in each second in which zero pages are taken in
     */
    void waits(double wait, double mostBacklog, double backlogGrowth) {
        this.wait = wait;
        this.mostBacklog = mostBacklog;
        this.backlogGrowth = backlogGrowth;
    }

    /** Guest seconds that a VM which writes at random gets through, of {@code span} seconds. */
    double run(WriteLocality locality, double span) {
        double hotAtFirst = Math.max(LEAST_PAGES, missing[HOT]);
        double coldAtFirst = Math.max(LEAST_PAGES, missing[COLD]);
        double left = span;
        double guest = 0;
        double place = GOLDEN;
        double choice = SILVER;
        for (int fault = 0; fault < MOST_FAULTS && left > 0; fault++) {
            double hotFaults = locality.hotRate() * missing[HOT] / hotAtFirst;
            double coldFaults = locality.coldRate() * missing[COLD] / coldAtFirst;
            double faults = hotFaults + coldFaults;
            double runs = faults * left < 1 ? left : 1 / faults;
            send(runs);
            guest += runs;
            left -= runs;
            if (left <= 0 || missing[HOT] + missing[COLD] < LEAST_PAGES) {
                break;
            }
            double waits = wait + (region == ZERO ? Math.min(mostBacklog, secondsAmongZeros * backlogGrowth) : 0);
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

    /** The stream goes on for some seconds. */
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
