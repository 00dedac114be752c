package io.cardea.core.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.Stages;
import io.cardea.core.fixture.TestProvider;
import io.cardea.core.vault.StoredConnection;
import io.cardea.oauth.AccessToken;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.Event;
import io.cardea.oauth.Events;
import io.cardea.oauth.Imported;
import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Logins of other programs, found where these programs keep them. */
class ImportTest {

    private static final String CLAUDE =
            "{'claudeAiOauth':{'accessToken':'claude-access','refreshToken':'claude-refresh',"
                    + "'expiresAt':4102444800000,'scopes':['user:inference','user:profile'],'subscriptionType':'max',"
                    + "'rateLimitTier':'default'},'mcpOAuth':{}}";
    private static final String APPS = "{'github.com:Iv1.b507a08c87ecfe98':{'user':'ada','oauth_token':'ghu_1',"
            + "'githubAppId':'Iv1.b507a08c87ecfe98'}}";

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
        setup.close();
    }

    private static String codex(String accessToken, String idToken) {
        return "{'OPENAI_API_KEY':null,'tokens':{'id_token':'" + idToken + "','access_token':'" + accessToken
                + "','refresh_token':'codex-refresh','account_id':'account-1'},'last_refresh':'2029-12-31T00:00:00Z'}";
    }

    @Test
    void the_login_of_claude_code_is_stored_with_all_that_its_file_tells() throws IOException {
        Path file = setup.write(".claude/.credentials.json", CLAUDE);

        Imported imported = setup.imported("claude-api");

        assertThat(imported.file()).isEqualTo(file);
        assertThat(imported.connection().state()).isEqualTo(ConnectionState.ACTIVE);
        assertThat(imported.connection().account()).isEmpty();
        assertThat(setup.stored("claude-api").credential())
                .isEqualTo(new Credential(
                        "claude-access",
                        "Bearer",
                        Optional.of(Instant.parse("2100-01-01T00:00:00Z")),
                        Optional.of("claude-refresh"),
                        Optional.empty(),
                        List.of("user:inference", "user:profile"),
                        Map.of("subscription_type", "max")));
    }

    @Test
    void a_login_without_a_refresh_token_or_an_end_is_one_all_the_same() throws IOException {
        setup.write(".claude/.credentials.json", "{'claudeAiOauth':{'accessToken':'long-lived','refreshToken':null}}");

        setup.imported("claude-api");

        assertThat(setup.stored("claude-api").credential()).isEqualTo(Credential.bearer("long-lived"));
    }

    @Test
    void the_login_of_codex_is_stored_with_the_account_that_its_id_token_names() throws IOException {
        String access = ImportSetup.jwt("{'exp':4102444800}");
        String id = ImportSetup.jwt("{'iss':'https://auth.openai.com','sub':'user-1','email':'ada@example.org',"
                + "'https://api.openai.com/auth':{'chatgpt_plan_type':'plus','chatgpt_account_id':'account-2'}}");
        setup.write(".codex/auth.json", codex(access, id));

        Imported imported = setup.imported("codex");

        assertThat(imported.connection().account()).hasValue("ada@example.org");
        assertThat(imported.connection().email()).hasValue("ada@example.org");
        assertThat(imported.connection().plan()).hasValue("plus");
        assertThat(imported.connection().subject()).hasValue("user-1");
        assertThat(setup.stored("codex").credential())
                .isEqualTo(new Credential(
                        access,
                        "Bearer",
                        Optional.of(Instant.parse("2100-01-01T00:00:00Z")),
                        Optional.of("codex-refresh"),
                        Optional.of(id),
                        List.of(),
                        Map.of("account_id", "account-1")));
    }

    @Test
    void what_the_tokens_of_codex_do_not_tell_is_not_known() throws IOException {
        setup.write(".codex/auth.json", codex("opaque", "no-jwt").replace("'account_id':'account-1'", "'more':1"));

        Imported imported = setup.imported("codex");

        assertThat(imported.connection().account()).isEmpty();
        assertThat(imported.connection().expiresAt()).isEmpty();
        assertThat(setup.stored("codex").credential().attributes()).isEmpty();
    }

    @Test
    void a_hostile_account_name_is_shown_plainly() throws IOException {
        String id = ImportSetup.jwt("{'sub':'1','email':'ada\\u001b[2J\\u202e'}");
        setup.write(".codex/auth.json", codex("opaque", id));

        assertThat(setup.imported("codex").connection().account()).hasValue("ada\ufffd[2J\ufffd");
    }

    @Test
    void the_login_of_copilot_is_a_token_for_tokens() throws IOException {
        setup.write(".config/github-copilot/apps.json", APPS);

        Imported imported = setup.imported("copilot");

        assertThat(imported.connection().account()).hasValue("ada");
        Credential credential = setup.stored("copilot").credential();
        assertThat(credential.refreshToken()).hasValue("ghu_1");
        assertThat(credential.expiresAt()).hasValue(setup.clock.instant());
    }

    @Test
    void copilot_is_asked_for_an_access_token_before_anybody_gets_one() throws IOException {
        setup.write(".config/github-copilot/apps.json", APPS);
        setup.imported("copilot");
        TestProvider copilot = new TestProvider("copilot");
        copilot.refresh(credential -> CompletableFuture.completedFuture(
                Credential.bearer("for " + credential.refreshToken().orElseThrow())));
        setup.services.publish(copilot);

        AccessToken token = Stages.await(setup.connections.accessToken("copilot", "default"));

        assertThat(token.value()).isEqualTo("for ghu_1");
    }

    @Test
    void of_several_editors_the_usual_client_counts_and_other_hosts_never() throws IOException {
        setup.write(
                ".config/github-copilot/apps.json",
                "{'ghe.example.com:Iv1.b507a08c87ecfe98':{'user':'eve','oauth_token':'ghu_0'},"
                        + "'github.community':{'user':'eve','oauth_token':'ghu_0'},"
                        + "'github.com:Iv23ctfURkiMfJ4xr5mv':{'user':'bob','oauth_token':'ghu_2'},"
                        + APPS.substring(1));
        assertThat(setup.imported("copilot").connection().account()).hasValue("ada");

        setup.write(
                ".config/github-copilot/apps.json",
                "{'ghe.example.com:Iv1.b507a08c87ecfe98':{'user':'eve','oauth_token':'ghu_0'},"
                        + "'github.com:Iv23ctfURkiMfJ4xr5mv':{'user':'bob','oauth_token':'ghu_2'}}");
        assertThat(setup.imported("copilot").connection().account()).hasValue("bob");
    }

    @Test
    void the_older_file_of_copilot_is_read_where_there_is_no_newer() throws IOException {
        Path older =
                setup.write(".config/github-copilot/hosts.json", "{'github.com':{'user':'old','oauth_token':'gho_1'}}");
        assertThat(setup.imported("copilot").file()).isEqualTo(older);
        assertThat(setup.stored("copilot").profile().account()).hasValue("old");

        Path newer = setup.write(".config/github-copilot/apps.json", APPS);
        assertThat(setup.imported("copilot").file()).isEqualTo(newer);
    }

    @Test
    void environment_variables_name_other_folders() throws IOException {
        setup.variables.put("CLAUDE_CONFIG_DIR", home.resolve("a").toString());
        setup.variables.put("CODEX_HOME", home.resolve("b").toString());
        setup.variables.put("XDG_CONFIG_HOME", home.resolve("c").toString());

        Path claude = setup.write("a/.credentials.json", CLAUDE);
        Path codex = setup.write("b/auth.json", codex("access", "id"));
        Path copilot = setup.write("c/github-copilot/apps.json", APPS);

        assertThat(setup.imported("claude-api").file()).isEqualTo(claude);
        assertThat(setup.imported("codex").file()).isEqualTo(codex);
        assertThat(setup.imported("copilot").file()).isEqualTo(copilot);
    }

    @Test
    void an_empty_variable_is_none() throws IOException {
        setup.variables.put("CODEX_HOME", "");
        Path file = setup.write(".codex/auth.json", codex("access", "id"));

        assertThat(setup.imported("codex").file()).isEqualTo(file);
    }

    @Test
    void a_provider_that_is_here_says_whose_login_it_is() throws IOException {
        TestProvider codex = new TestProvider("codex");
        List<String> asked = new ArrayList<>();
        codex.profile(credential -> {
            asked.add(credential.accessToken());
            return CompletableFuture.completedFuture(new Profile(Optional.empty(), Optional.of("Ada Lovelace")));
        });
        setup.services.publish(codex);
        setup.write(".codex/auth.json", codex("access", ImportSetup.jwt("{'sub':'user-1','email':'x@example.org'}")));

        Imported imported = setup.imported("codex");

        assertThat(asked).containsExactly("access");
        assertThat(imported.connection().account()).hasValue("Ada Lovelace");
        assertThat(imported.connection().subject()).hasValue("user-1");
    }

    @Test
    void a_provider_that_does_not_know_does_not_undo_the_import() throws IOException {
        TestProvider codex = new TestProvider("codex");
        codex.profile(credential -> CompletableFuture.failedFuture(new IllegalStateException("down")));
        setup.services.publish(codex);
        setup.write(".codex/auth.json", codex("access", ImportSetup.jwt("{'sub':'user-1','email':'x@example.org'}")));

        assertThat(setup.imported("codex").connection().account()).hasValue("x@example.org");
    }

    @Test
    void an_import_is_told_as_a_login_is_and_replaces_what_was_there() throws IOException {
        List<Event> told = new ArrayList<>();
        setup.events.subscribe(Events.FROM_NOW, told::add);
        setup.write(".claude/.credentials.json", CLAUDE);
        setup.imported("claude-api");
        StoredConnection first = setup.stored("claude-api");
        setup.write(".claude/.credentials.json", CLAUDE.replace("claude-access", "newer"));
        setup.imported("claude-api");

        assertThat(told)
                .extracting(Event::type)
                .containsOnly(Event.Type.CONNECTION_CREATED)
                .hasSize(2);
        assertThat(setup.stored("claude-api").credential().accessToken()).isEqualTo("newer");
        assertThat(setup.stored("claude-api").version()).isEqualTo(first.version() + 1);
    }

    @Test
    void a_login_that_has_ended_is_not_said_to_be_active() throws IOException {
        setup.write(".claude/.credentials.json", CLAUDE.replace("4102444800000", "1000"));

        assertThat(setup.imported("claude-api").connection().state()).isEqualTo(ConnectionState.PROVIDER_UNAVAILABLE);
    }

    @Test
    void the_file_is_read_through_a_symbolic_link_and_left_as_it_was() throws IOException {
        Path dotfiles = setup.write("dotfiles/claude.json", CLAUDE);
        Files.setPosixFilePermissions(dotfiles, PosixFilePermissions.fromString("r--------"));
        Files.createDirectories(home.resolve(".claude"));
        Files.createSymbolicLink(home.resolve(".claude/.credentials.json"), dotfiles);
        String before = Files.readString(dotfiles);
        Instant changed = Files.getLastModifiedTime(dotfiles).toInstant();

        setup.imported("claude-api");

        assertThat(Files.readString(dotfiles)).isEqualTo(before);
        assertThat(Files.getLastModifiedTime(dotfiles).toInstant()).isEqualTo(changed);
        assertThat(home.resolve(".claude")).isDirectoryContaining(Files::isSymbolicLink);
    }

    @Test
    void the_warning_says_that_two_programs_must_not_refresh_one_token() throws IOException {
        setup.write(".claude/.credentials.json", CLAUDE);
        setup.write(".codex/auth.json", codex("access", "id"));
        setup.write(".config/github-copilot/apps.json", APPS);

        assertThat(setup.imported("claude-api").warning())
                .contains("two programs must not refresh one token", "Claude Code loses");
        assertThat(setup.imported("codex").warning())
                .contains("two programs must not refresh one token", "Codex loses");
        assertThat(setup.imported("copilot").warning()).containsIgnoringCase("two programs must not refresh one token");
    }

    @Test
    void no_token_is_in_a_log_or_in_what_is_told() throws IOException {
        setup.write(".claude/.credentials.json", CLAUDE);
        setup.write(".codex/auth.json", codex("codex-access", "codex-id"));

        String told = setup.imported("claude-api").toString() + setup.imported("codex");

        assertThat(told + log.text())
                .contains("is connected")
                .doesNotContain("claude-access", "claude-refresh", "codex-access", "codex-refresh", "codex-id");
    }
}
