package io.cardea.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A newcomer's first login, in a real browser: the first page, the playground, its form, its consent, success. */
class BrowserLoginIT {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");

    private static final long PHONE_WIDTH = 360;

    @TempDir
    static Path folder;

    private static Cardea cardea;
    private static ChromeDriver browser;

    @BeforeAll
    static void start() {
        // CI must not skip it in silence.
        assumeThat(Files.exists(CHROMEDRIVER) || System.getenv("CI") != null)
                .as("needs Debian's packages chromium and chromium-driver")
                .isTrue();
        cardea = Cardea.demo(folder);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile")));
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(CHROMEDRIVER.toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", PHONE_WIDTH, "height", 740, "deviceScaleFactor", 1, "mobile", true));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.quit();
        }
        if (cardea != null) {
            cardea.close();
        }
    }

    @Test
    void a_person_logs_in_to_the_playground() throws Exception {
        browser.get(cardea.url() + "/");
        click(By.linkText("Log in to Playground"));
        await(By.name("username")).sendKeys("ada");
        browser.findElement(By.name("password")).sendKeys("lovelace");
        click(By.cssSelector("button[name=action][value=login]"));
        click(By.cssSelector("button[name=action][value=approve]"));

        await(By.xpath("//h1[text()='You are logged in']"));
        assertThat(browser.findElement(By.tagName("main")).getText()).contains("ada@playground.example");
        assertThat(browser.getCurrentUrl()).startsWith(cardea.url() + "/oauth/playground/callback?");
        Files.write(folder.resolve("success.png"), browser.getScreenshotAs(OutputType.BYTES));
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .as("what the browser complains about, such as blocked styles")
                .noneMatch(entry -> !entry.getMessage().contains("favicon"));
        assertThat((Long) browser.executeScript("return document.documentElement.scrollWidth"))
                .as("nothing sticks out on a phone")
                .isLessThanOrEqualTo(PHONE_WIDTH);

        browser.navigate().refresh();
        await(By.xpath("//h1[text()='You are logged in already']"));
        assertThat(browser.findElement(By.tagName("main")).getText()).contains("nothing more is to be done");
    }

    @Test
    void whoever_follows_another_sites_link_is_asked_first() throws Exception {
        try (OtherSite site = new OtherSite()) {
            browser.get(site.page("<a href='" + cardea.url() + "/oauth/playground/login?connection=sent'>Look!</a>"));
            click(By.linkText("Look!"));

            await(By.xpath("//h1[text()='Log in to Playground?']"));
            assertThat(browser.findElement(By.tagName("main")).getText()).contains("Another website", "sent");
            click(By.linkText("Log in to Playground"));
            await(By.name("username"));
        }
    }

    @Test
    void an_answer_that_another_site_posts_ends_the_login() throws Exception {
        browser.get(cardea.url() + "/oauth/playground/login?connection=posted");
        await(By.name("username"));
        URI callback = new PlaygroundPerson().answerAt(URI.create(browser.getCurrentUrl()), "approve");

        try (OtherSite site = new OtherSite()) {
            browser.get(site.form(callback));
            click(By.tagName("button"));

            await(By.xpath("//h1[text()='You are logged in']"));
            assertThat(browser.getCurrentUrl()).startsWith(cardea.url() + "/oauth/playground/callback?response=");
        }
    }

    private static void click(By what) {
        await(what).click();
    }

    private static WebElement await(By what) {
        return new WebDriverWait(browser, Duration.ofSeconds(20)).until(ExpectedConditions.elementToBeClickable(what));
    }
}
