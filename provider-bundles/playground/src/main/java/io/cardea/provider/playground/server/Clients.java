package io.cardea.provider.playground.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The registered clients, and how they prove who they are (RFC 6749, section 2.3). */
public final class Clients {

    private static final String BASIC = "Basic ";

    private record Credentials(String id, String secret) {}

    private final Map<String, Client> clients;

    Clients(Collection<Client> clients) {
        this.clients = clients.stream().collect(Collectors.toUnmodifiableMap(Client::id, Function.identity()));
    }

    Optional<Client> named(String id) {
        return Optional.ofNullable(clients.get(id));
    }

    /**
     * The client that sent a request, by {@code client_secret_basic} or {@code client_secret_post}.
     *
     * @param authorization the request's {@code Authorization} header
     * @throws OAuthError {@code invalid_client} unless it is a registered client with its own secret;
     *     {@code invalid_request} when both ways are used at once or a parameter is repeated
     */
    public Client authenticate(Optional<String> authorization, Parameters parameters) {
        parameters.once();
        boolean post = parameters.get("client_secret").isPresent();
        if (authorization.isPresent() && post) {
            throw OAuthError.invalidRequest("the client must authenticate in one way only");
        }
        Credentials shown = authorization.isPresent() ? basic(authorization.get()) : post(parameters);
        if (!parameters.get("client_id").orElse(shown.id()).equals(shown.id())) {
            throw OAuthError.invalidRequest("client_id is not the client that authenticated");
        }
        return named(shown.id())
                .filter(client -> Secrets.same(client.secretHash(), Secrets.hash(shown.secret())))
                .orElseThrow(() -> OAuthError.invalidClient("unknown client or wrong client secret"));
    }

    private static Credentials post(Parameters parameters) {
        Optional<String> id = parameters.get("client_id");
        Optional<String> secret = parameters.get("client_secret");
        if (id.isEmpty() || secret.isEmpty()) {
            throw OAuthError.invalidClient("the client must authenticate");
        }
        return new Credentials(id.get(), secret.get());
    }

    private static Credentials basic(String authorization) {
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            throw OAuthError.invalidClient("the client must authenticate with Basic");
        }
        try {
            byte[] decoded = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).trim());
            String pair = new String(decoded, UTF_8);
            int colon = pair.indexOf(':');
            if (colon > 0) {
                // RFC 6749, section 2.3.1: both are form-encoded before they become user name and password.
                return new Credentials(
                        Parameters.decode(pair.substring(0, colon)), Parameters.decode(pair.substring(colon + 1)));
            }
        } catch (IllegalArgumentException | OAuthError e) {
            // Falls through to the one message for whatever is no user name and password.
        }
        throw OAuthError.invalidClient("the Authorization header is malformed");
    }
}
