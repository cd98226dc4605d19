package io.github.godwit.strategy;

import io.github.godwit.hostapi.PolicyContract;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** The host driver that tests play refuses what the real one refuses. */
@Timeout(60)
class FakeHostDriverTest extends PolicyContract {

    private final FakeHostDriver driver = new FakeHostDriver("host h1\nvm web");

    @AfterEach
    void close() {
        driver.close();
    }

    @Override
    protected URI url() {
        return driver.url();
    }

    @Override
    protected String vm() {
        return "web";
    }

    @Override
    protected URI destination() {
        return URI.create("http://127.0.0.1:9622");
    }
}
