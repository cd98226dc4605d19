package io.github.godwit.strategy.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** Debian's Chromium in headless mode. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path PICTURES = Path.of("target", "screenshots");

    private static final int PHONE_WIDTH = 360;
    private static final int MOST_TABS = 60;

    private final ChromeDriver driver;

    Browser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-quic",
                "--no-first-run");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options);
        driver.manage().window().setSize(new Dimension(1280, 1100));
        driver.manage().timeouts().pageLoadTimeout(PATIENCE);
    }

    void open(String url) {
        driver.get(url);
    }

    void reload() {
        driver.navigate().refresh();
    }

    /** Returns the visible text of the page. */
    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    WebElement find(String css) {
        return until(browser -> driver.findElement(By.cssSelector(css)));
    }

    WebElement withText(String css, String text) {
        return until(browser -> present(css, text));
    }

    private WebElement present(String css, String text) {
        return driver.findElements(By.cssSelector(css)).stream()
                .filter(element -> element.getText().contains(text))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(css + " with " + text));
    }

    /** From now on, the page has the size of the screen of a phone. */
    void phone() {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", PHONE_WIDTH, "height", 800, "deviceScaleFactor", 1, "mobile", true));
    }

    /** From now on, it has the usual size again. */
    void desktop() {
        driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    /** Elements that reach beyond the right edge of the screen and are not in a part that scrolls by itself. */
    List<String> tooWide() {
        return ((List<?>) driver.executeScript("""
                return [...document.querySelectorAll('body *')]
                    .filter(each => !each.closest('.scroll, .skip') && each.getBoundingClientRect().right > window.innerWidth + 1)
                    .map(each => each.tagName + ' ' + (each.id || each.className) + ' ' + each.textContent.slice(0, 40))"""))
                .stream().map(Object::toString).toList();
    }

    /** Presses a key for the element that has the focus. */
    void press(CharSequence key) {
        driver.switchTo().activeElement().sendKeys(key);
    }

    /** Presses Tab until an element with this name for readers of the screen has the focus. */
    void tabTo(String name) {
        for (int i = 0; i < MOST_TABS; i++) {
            press(Keys.TAB);
            if (focused().startsWith(name)) {
                return;
            }
        }
        throw new NoSuchElementException("Tab does not reach " + name);
    }

    /** The name of the element that has the focus, as a reader of the screen says it. */
    String focused() {
        return driver.switchTo().activeElement().getAccessibleName();
    }

    void type(String css, String text) {
        find(css).sendKeys(text);
    }

    /** Selects an item of a list, also if the page replaces the list by its own widget. */
    void choose(String css, String visible) {
        WebElement list = find(css);
        String value = list.findElements(By.tagName("option")).stream()
                .filter(option -> option.getAttribute("textContent").contains(visible))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("%s in %s".formatted(visible, css)))
                .getAttribute("value");
        script(
                "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
                list,
                value);
    }

    private void script(String script, Object... arguments) {
        ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    void click(String css) {
        click(css, "");
    }

    /** Clicks an element, also if another one covers it, or if the page replaces the element in the meantime. */
    void click(String css, String text) {
        until(browser -> {
            script("arguments[0].click()", present(css, text));
            return true;
        });
    }

    /** Waits for a condition; fails with the text of the page if it is not met in time. */
    <T> T until(Function<Browser, T> wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        RuntimeException last = null;
        while (System.nanoTime() < end) {
            try {
                T found = wanted.apply(this);
                if (found != null && !Boolean.FALSE.equals(found)) {
                    return found;
                }
            } catch (NoSuchElementException | StaleElementReferenceException e) {
                last = e;
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        picture("failed");
        throw new AssertionError("It does not come; the page shows: " + text(), last);
    }

    void untilText(String text) {
        until(browser -> text().contains(text));
    }

    /** Saves a screenshot of the page, for manual review. */
    void picture(String name) {
        try {
            Files.createDirectories(PICTURES);
            Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
