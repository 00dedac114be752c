package io.cardea.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cardea.http.OAuthServlet.Endpoint;
import io.cardea.http.OAuthServlet.Written;
import io.cardea.oauth.Providers;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.ProviderInfo;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code GET /oauth/providers}: who can be logged in to. Written anew only when somebody came, went or changed. */
final class ProvidersEndpoint implements Endpoint {

    private final Providers providers;
    private volatile Listing listing = new Listing(List.of(), Answer.bytes(Answer.JSON.createObjectNode()));

    private static final class Listing {

        private final List<RegisteredProvider> of;
        private final byte[] json;

        Listing(List<RegisteredProvider> of, byte[] json) {
            this.of = of;
            this.json = json;
        }
    }

    ProvidersEndpoint(Providers providers) {
        this.providers = providers;
    }

    @Override
    public CompletableFuture<Written> answer(String provider, HttpServletRequest request) {
        List<RegisteredProvider> now = providers.list();
        Listing known = listing;
        if (known.of != now) {
            known = new Listing(now, json(now));
            listing = known;
        }
        byte[] json = known.json;
        return CompletableFuture.completedFuture(response -> Answer.json(response, 200, json));
    }

    private static byte[] json(List<RegisteredProvider> providers) {
        ObjectNode all = Answer.JSON.createObjectNode();
        for (RegisteredProvider registered : providers) {
            ProviderInfo info = registered.info();
            ObjectNode one = all.putObject(info.name());
            one.put("name", info.name());
            one.put("display_name", info.displayName());
            one.put("description", info.description());
            one.put("supports_pkce", info.supportsPkce());
            one.put("supports_refresh", info.supportsRefresh());
            one.put("supports_revocation", info.supportsRevocation());
            info.scopes().forEach(one.putArray("scopes")::add);
            info.flows().stream().map(flow -> flow.wireName()).sorted().forEach(one.putArray("flows")::add);
            one.put("is_available", info.unavailable().isEmpty());
            info.unavailable().ifPresent(why -> one.put("unavailable_reason", why));
            one.put("plugin_name", registered.pluginName());
            one.put("plugin_version", registered.pluginVersion());
        }
        return Answer.bytes(all);
    }
}
