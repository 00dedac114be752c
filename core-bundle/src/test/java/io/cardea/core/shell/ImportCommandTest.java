package io.cardea.core.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.ConnectionState;
import io.cardea.oauth.Imported;
import io.cardea.oauth.Imports;
import io.cardea.oauth.Providers;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.ProviderDefinition;
import io.cardea.oauth.provider.ProviderInfo;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ImportCommandTest {

    private Optional<ProviderInfo> provider = Optional.empty();

    private String told() {
        Imports imports = new Imports() {
            @Override
            public List<String> providers() {
                return List.of("codex");
            }

            @Override
            public CompletionStage<Imported> importFrom(String name, Optional<Path> file, String connection) {
                Connection connected = new Connection(
                        new ConnectionKey(name, connection),
                        ConnectionState.ACTIVE,
                        List.of(),
                        Optional.of(Instant.EPOCH),
                        Optional.empty(),
                        Optional.of("ada"),
                        Optional.empty(),
                        Optional.empty(),
                        Instant.EPOCH,
                        Optional.empty(),
                        "0123456789abcdef");
                return CompletableFuture.completedFuture(new Imported(connected, Path.of("/auth.json"), "Beware."));
            }
        };
        Providers providers = new Providers() {
            @Override
            public List<RegisteredProvider> list() {
                return find("codex").stream().toList();
            }

            @Override
            public Optional<RegisteredProvider> find(String name) {
                return provider.map(info -> new RegisteredProvider(info, "a.bundle", "1.0.0"));
            }
        };
        return new ImportCommand(imports, providers)._import("codex");
    }

    private static ProviderInfo codex() {
        return ProviderDefinition.named("codex")
                .tokenEndpoint("https://as.example/token")
                .set("client_id", "the-client")
                .build()
                .info();
    }

    @Test
    void without_the_provider_it_is_told_how_long_the_token_is_good_and_which_bundle_refreshes_it() {
        assertThat(told())
                .isEqualTo("codex/default is connected as ada, from /auth.json\n"
                        + "Its token is served while it is valid, until 1970-01-01T00:00:00Z. Nothing refreshes it before the"
                        + " bundle of the provider, io.cardea.provider.codex, is put into deploy/\n"
                        + "Beware.");
    }

    @Test
    void with_a_provider_that_lacks_something_that_is_told() {
        provider = Optional.of(codex().withUnavailable("Not configured: set client_id."));

        assertThat(told()).contains(", but cannot be refreshed yet. Not configured: set client_id.\n");
    }

    @Test
    void with_the_provider_nothing_needs_to_be_told() {
        provider = Optional.of(codex());

        assertThat(told()).isEqualTo("codex/default is connected as ada, from /auth.json\nBeware.");
    }
}
