package io.cardea.provider.playground;

import io.cardea.provider.playground.server.AuthorizationServer;
import io.cardea.provider.playground.server.Client;
import io.cardea.provider.playground.server.Secrets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;

/**
 * The authorization server with its registered clients, of which Cardea is the first. The servlets serve it and the provider uses
 * it. Its memory is its own: a restart forgets every grant and makes new keys.
 */
@Component(service = Playground.class, configurationPid = "io.cardea.provider.playground")
public final class Playground {

    static final String CLIENT_ID = "cardea";

    private final Addresses addresses;
    private final String clientSecret = Secrets.random();
    private final AuthorizationServer server;
    private final InstantSource clock;
    private final Optional<String> problem;

    /**
     * Made by Declarative Services.
     *
     * @param http the service properties of the HTTP runtime, which tell the port
     */
    @Activate
    public Playground(
            BundleContext context,
            @Reference(service = HttpServiceRuntime.class) Map<String, Object> http,
            Map<String, Object> configuration) {
        this(
                Addresses.of(http, name -> Optional.ofNullable(context.getProperty(name))),
                Settings.of(configuration),
                InstantSource.system());
    }

    Playground(Addresses addresses, Settings settings, InstantSource clock) {
        this.addresses = addresses;
        this.clock = clock;
        this.problem = settings.problem();
        this.server = new AuthorizationServer(
                addresses.forBrowsers(),
                Stream.concat(
                                Stream.of(Client.of(CLIENT_ID, "Cardea", clientSecret, addresses.redirectUri())),
                                settings.clients().stream())
                        .toList(),
                settings.accessTokenLifetime(),
                settings.pollInterval(),
                clock);
    }

    public AuthorizationServer server() {
        return server;
    }

    public InstantSource clock() {
        return clock;
    }

    /** Whether browsers come by https, so that cookies may be kept from any other way. */
    public boolean https() {
        return addresses.https();
    }

    /** Why nobody should log in for now, as a sentence. */
    Optional<String> problem() {
        return problem;
    }

    Addresses addresses() {
        return addresses;
    }

    /** Known to the server and the provider alone. */
    String clientSecret() {
        return clientSecret;
    }
}
