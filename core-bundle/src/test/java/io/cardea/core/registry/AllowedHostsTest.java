package io.cardea.core.registry;

import static io.cardea.core.fixture.Stages.await;
import static io.cardea.core.fixture.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.cardea.core.configuration.ConfiguredProvider;
import io.cardea.core.fixture.CapturedLog;
import io.cardea.core.fixture.LocalServer;
import io.cardea.core.fixture.LocalServer.Answer;
import io.cardea.core.fixture.Osgi;
import io.cardea.core.fixture.TestProvider;
import io.cardea.oauth.OAuthError;
import io.cardea.oauth.provider.ServerMetadata;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a provider's requests may go, whoever makes them. */
class AllowedHostsTest {

    @RegisterExtension
    static final Osgi osgi = new Osgi();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private ProviderServices services;
    private LocalServer server;

    @BeforeEach
    void open() throws IOException {
        services = new ProviderServices(osgi.context());
        server = new LocalServer().answer("/", Answer.json(200, "{}"));
    }

    @AfterEach
    void close() {
        services.close();
        server.close();
    }

    private ServingProvider configured(String allowedHosts) {
        services.publish(new ConfiguredProvider(Map.of(
                "service.pid",
                "io.cardea.provider~acme",
                "client_id",
                "the-client",
                "token_endpoint",
                server.url("/token"),
                "allowed_hosts",
                allowedHosts)));
        return services.serving("acme");
    }

    private CompletableFuture<?> send(ServingProvider acme, String url) {
        return acme.call(
                "x",
                (provider, context) ->
                        context.send(HttpRequest.newBuilder(URI.create(url)).build()));
    }

    @Test
    void a_host_that_is_not_named_is_not_asked() {
        ServingProvider acme = configured("api.acme.example");
        String beside = server.url("/x").replace("127.0.0.1", "localhost");

        assertThat(failure(send(acme, beside), OAuthError.PROVIDER_ERROR))
                .hasRootCauseMessage("localhost is not among the provider's allowed hosts");
        assertThat(server.requests()).isEmpty();
        await(send(acme, server.url("/x")));
        assertThat(server.requests())
                .as("what is configured goes without saying")
                .hasSize(1);
    }

    @Test
    void without_names_any_host_is_asked() {
        ServingProvider acme = configured("");

        await(send(acme, server.url("/x").replace("127.0.0.1", "localhost")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://as.example/token",
                "http://10.0.0.1/token",
                "ftp://as.example/token",
                "https:/token",
                "https://user@as.example/token",
                "/token"
            })
    void an_endpoint_that_secrets_must_not_be_sent_to_fails_the_metadata_whatever_a_provider_says(String url) {
        ServerMetadata good = TestProvider.metadata("https://as.example");
        TestProvider acme = new TestProvider("acme");
        services.publish(acme);
        await(services.serving("acme").metadata());
        acme.metadata(new ServerMetadata(
                good.issuer(),
                good.authorizationEndpoint(),
                Optional.of(URI.create(url)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false));

        assertThat(failure(services.serving("acme").metadata(), OAuthError.PROVIDER_ERROR))
                .hasMessage("The token_endpoint must not be used: it is not https, or not on an allowed host");
        assertThat(log.text()).contains("endpoint " + url + " is not https");
    }
}
