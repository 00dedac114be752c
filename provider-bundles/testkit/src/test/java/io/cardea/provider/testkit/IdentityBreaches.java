package io.cardea.provider.testkit;

import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.OAuthProvider;
import io.cardea.oauth.provider.ProviderContext;
import io.cardea.oauth.provider.ProviderInfo;
import io.cardea.oauth.provider.ServerMetadata;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Providers that do not say properly who they are. */
final class IdentityBreaches {

    private IdentityBreaches() {}

    static List<Breach> all() {
        AtomicInteger counter = new AtomicInteger();
        return List.of(
                Breach.of(
                        "its name can stand in a URL",
                        "info() names the provider \"Acme!\". The registry refuses it",
                        named("Acme!", "Acme", Set.of(Flow.DEVICE_CODE))),
                Breach.of(
                        "its name can stand in a URL",
                        "info() names the provider \"connections\"",
                        named("connections", "Acme", Set.of(Flow.DEVICE_CODE))),
                Breach.of(
                        "people are shown a name in plain characters",
                        "no display name that people can be shown",
                        named("acme", "Ac\nme", Set.of(Flow.DEVICE_CODE))),
                Breach.of(
                        "it names a way to log in",
                        "info() names no flow. Then nobody can log in",
                        named("acme", "Acme", Set.of())),
                Breach.of(
                        "it names a way to log in",
                        "manualRedirectUri() is absent",
                        named("acme", "Acme", Set.of(Flow.MANUAL_CODE))),
                Breach.of(
                        "it says the same of itself each time",
                        "info() answers something else each time",
                        telling(info -> with(info, "Acme " + counter.incrementAndGet()))),
                Breach.of(
                        "it says at once who it is, and asks nobody",
                        "took more than 2 seconds, threw, or asked the server",
                        Sleepy::new),
                Breach.of(
                        "its endpoints are the same each time",
                        "metadata() answers something else each time",
                        Wandering::new),
                Breach.of(
                        "once it is configured, it is available",
                        "info() says that the provider is unavailable (Not configured: set client_id",
                        configuration -> new AcmeProvider(Map.of())),
                Breach.of(
                        "until it is configured, it is unavailable and names what is missing",
                        "Without any configuration info() says in unavailable(): \"\". That does not name client_id",
                        telling(info -> with(info, "Acme"))),
                Breach.of(
                        "an unknown key is refused by name",
                        "Configured with the unknown key cliend_id, info() says in unavailable(): \"\"",
                        configuration -> {
                            configuration.remove("cliend_id");
                            return new AcmeProvider(configuration);
                        }),
                Breach.of(
                        "an unknown key is refused by name",
                        "The provider's constructor threw java.lang.IllegalStateException: cliend_id",
                        configuration -> {
                            if (configuration.containsKey("cliend_id")) {
                                throw new IllegalStateException("cliend_id");
                            }
                            return new AcmeProvider(configuration);
                        }));
    }

    private static ProviderInfo with(ProviderInfo info, String displayName) {
        return info(info, info.name(), displayName, info.flows());
    }

    private static ProviderInfo info(ProviderInfo info, String name, String displayName, Set<Flow> flows) {
        return new ProviderInfo(
                name,
                displayName,
                info.description(),
                info.clientId(),
                info.scopes(),
                flows,
                info.supportsPkce(),
                info.supportsRefresh(),
                info.supportsRevocation(),
                Optional.empty());
    }

    private static Function<Map<String, Object>, OAuthProvider> named(
            String name, String displayName, Set<Flow> flows) {
        return telling(info -> info(info, name, displayName, flows));
    }

    private static Function<Map<String, Object>, OAuthProvider> telling(UnaryOperator<ProviderInfo> tale) {
        return configuration -> new AcmeProvider(configuration) {
            @Override
            public ProviderInfo info() {
                return tale.apply(super.info());
            }
        };
    }

    private static final class Sleepy extends AcmeProvider {

        Sleepy(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        public String idTokenSignedResponseAlg() {
            try {
                Thread.sleep(3000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return super.idTokenSignedResponseAlg();
        }
    }

    private static final class Wandering extends AcmeProvider {

        private final AtomicInteger step = new AtomicInteger();

        Wandering(Map<String, ?> configuration) {
            super(configuration);
        }

        @Override
        public CompletionStage<ServerMetadata> metadata(ProviderContext context) {
            return super.metadata(context)
                    .thenApply(server -> new ServerMetadata(
                            Optional.of("https://acme.example/" + step.incrementAndGet()),
                            server.authorizationEndpoint(),
                            server.tokenEndpoint(),
                            server.revocationEndpoint(),
                            server.userinfoEndpoint(),
                            server.deviceAuthorizationEndpoint(),
                            server.jwksUri(),
                            false));
        }
    }

    /** One that goes to somebody else with what it should show to its service alone. */
    static OAuthProvider straying(Map<String, Object> configuration) {
        return new AcmeProvider(configuration) {
            @Override
            public CompletionStage<ServerMetadata> metadata(ProviderContext context) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("https://stranger.example/"))
                        .build();
                return context.send(request).handle((answer, thrown) -> "").thenCompose(any -> super.metadata(context));
            }
        };
    }
}
