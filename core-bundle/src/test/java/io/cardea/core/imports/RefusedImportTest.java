package io.cardea.core.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in which there is no login: the message names what is wrong and quotes nothing. */
class RefusedImportTest {

    private static final String SECRET = "secret_1";

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @TempDir
    Path home;

    private ImportSetup setup;

    @BeforeEach
    void open() {
        setup = new ImportSetup(osgi.context(), home);
    }

    @AfterEach
    void close() {
        assertThat(setup.isEmpty()).as("nothing was stored").isTrue();
        assertThat(log.text()).doesNotContain(SECRET);
        setup.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            claude-api | {}                                                             | has no claudeAiOauth.accessToken
            claude-api | {'claudeAiOauth':'secret_1'}                                | has no claudeAiOauth.accessToken
            claude-api | {'claudeAiOauth':{'accessToken':''}}                           | has no claudeAiOauth.accessToken
            claude-api | {'claudeAiOauth':{'accessToken':1}}                            | claudeAiOauth.accessToken is no text
            claude-api | {'claudeAiOauth':{'accessToken':'secret_1\\n'}}             | claudeAiOauth.accessToken is no token
            claude-api | {'claudeAiOauth':{'accessToken':'a','refreshToken':'secret_1 b'}} | claudeAiOauth.refreshToken is no token
            claude-api | {'claudeAiOauth':{'accessToken':'a','expiresAt':'secret_1'}} | claudeAiOauth.expiresAt is no whole number
            claude-api | {'claudeAiOauth':{'accessToken':'a','expiresAt':1.5}}          | claudeAiOauth.expiresAt is no whole number
            claude-api | {'claudeAiOauth':{'accessToken':'a','scopes':{'b':'c'}}}       | claudeAiOauth.scopes is no list of texts
            claude-api | {'claudeAiOauth':{'accessToken':'a','accessToken':'b'}}        | is no well-formed JSON
            claude-api | secret_1                                                    | is no well-formed JSON
            claude-api | ['secret_1']                                                | holds no JSON object
            claude-api | ``                                                             | holds no JSON object
            codex      | {'OPENAI_API_KEY':'secret_1','tokens':null}                 | has no tokens.access_token
            codex      | {'tokens':{'access_token':'a','id_token':{'b':'c'}}}           | tokens.id_token is no text
            copilot    | {'ghe.example.com':{'oauth_token':'secret_1'}}              | has no github.com, nor any github.com:<client>
            copilot    | {'github.com':{'user':'ada'}}                                  | has no github.com.oauth_token
            """)
    void a_file_of_the_wrong_shape_is_named_with_what_it_lacks(String provider, String content, String what)
            throws IOException {
        Path file = setup.write("login.json", content);

        assertThat(setup.refusal(provider, Optional.of(file), "default"))
                .contains(file.toString())
                .contains(what)
                .doesNotContain(SECRET);
    }

    @Test
    void deep_nesting_is_refused() throws IOException {
        Path file = setup.write("login.json", "{'a':" + "[".repeat(30) + "]".repeat(30) + "}");

        assertThat(setup.refusal("codex", Optional.of(file), "default")).contains("is no well-formed JSON");
    }

    @Test
    void a_file_of_more_than_a_megabyte_is_refused() throws IOException {
        String login = "{'tokens':{'access_token':'a'},'padding':'" + "x".repeat(1024 * 1024) + "'}";
        Path file = setup.write("login.json", login);

        assertThat(setup.refusal("codex", Optional.of(file), "default")).contains("is larger than");
    }

    @Test
    void a_program_that_is_not_logged_in_here_is_named_with_where_its_login_would_be() {
        assertThat(setup.refusal("claude-api"))
                .contains(
                        home.resolve(".claude/.credentials.json").toString(),
                        "Claude Code is not logged in",
                        "keychain");
        assertThat(setup.refusal("copilot"))
                .contains("apps.json or " + home.resolve(".config/github-copilot/hosts.json"));
    }

    @Test
    void a_file_that_is_not_there_and_a_folder_are_no_files() {
        assertThat(setup.refusal("codex", Optional.of(home.resolve("nowhere")), "default"))
                .contains("nowhere is no file");
        assertThat(setup.refusal("codex", Optional.of(home), "default")).contains(home + " is no file");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no pipes with names")
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_pipe_is_not_waited_for() throws Exception {
        Path pipe = home.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(10, TimeUnit.SECONDS))
                .isTrue();

        assertThat(setup.refusal("codex", Optional.of(pipe), "default")).contains("is no file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"github", "", "Codex", "codex\n"})
    void a_provider_whose_program_is_not_known_is_told_the_known_ones(String provider) {
        assertThat(setup.refusal(provider))
                .contains("only for claude-api, codex, copilot")
                .doesNotContain("\n");
    }

    @Test
    void a_connection_must_have_a_proper_name() throws IOException {
        Path file = setup.write("login.json", "{'tokens':{'access_token':'a'}}");

        assertThat(setup.refusal("codex", Optional.of(file), "a/b")).contains("A connection's name must match");
    }
}
