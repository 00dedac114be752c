package io.cardea.http;

import io.cardea.oauth.Connection;
import io.cardea.oauth.ConnectionKey;
import io.cardea.oauth.RegisteredProvider;
import io.cardea.oauth.provider.Flow;
import io.cardea.oauth.provider.ProviderInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.owasp.encoder.Encode;

/** The pages that people see. Everything that comes from elsewhere is escaped; nothing runs in them. */
final class Pages {

    private final String root;

    /** @param root the path below which browsers see this server; empty at the root */
    Pages(String root) {
        this.root = root;
    }

    /** Those that one can log in to before those that somebody has to configure. */
    String home(List<RegisteredProvider> providers) {
        Map<Boolean, String> items = providers.stream()
                .map(RegisteredProvider::info)
                .collect(Collectors.partitioningBy(
                        info -> info.unavailable().isEmpty(), Collectors.mapping(this::item, Collectors.joining())));
        String ready = items.getOrDefault(true, "");
        String others = items.getOrDefault(false, "");
        return page(
                "Cardea",
                providers.isEmpty()
                        ? "<p>No provider is here. Drop a provider's bundle into <code>deploy/</code> and it appears.</p>"
                        : (ready.isEmpty() ? "" : "<p>Choose where to log in.</p>" + list(ready))
                                + (others.isEmpty()
                                        ? ""
                                        : "<p>These can be used once they are configured.</p>" + list(others)));
    }

    private static String list(String items) {
        return "<ul class=\"providers\">" + items + "</ul>";
    }

    private String item(ProviderInfo info) {
        String name = Encode.forHtml(info.displayName());
        String action;
        if (info.unavailable().isPresent()) {
            action = "<p class=\"hint\">" + Encode.forHtml(info.unavailable().get()) + "</p>";
        } else if (info.flows().contains(Flow.AUTHORIZATION_CODE)) {
            action = "<a class=\"button\" href=\"" + login(info.name()) + "\">Log in to " + name + "</a>";
        } else {
            action = "<p class=\"hint\">Has no login in the browser.</p>";
        }
        return "<li><h2>" + name + "</h2><p>" + Encode.forHtml(info.description()) + "</p>" + action + "</li>";
    }

    String success(String displayName, Connection connection) {
        String account = connection
                .account()
                .map(who -> " as <strong>" + Encode.forHtml(who) + "</strong>")
                .orElse("");
        return page(
                "You are logged in",
                "<p>Cardea is connected to <strong>"
                        + Encode.forHtml(displayName) + "</strong>" + account
                        + ". The connection is called <code>"
                        + Encode.forHtml(connection.key().connection())
                        + "</code>.</p><p>You can close this window.</p><p><a href=\"" + root
                        + "/\">All providers</a></p>");
    }

    /** For somebody who reloads the page that {@link #success} was. */
    String shownAgain() {
        return page(
                "You are logged in already",
                "<p>This login is completed already, and nothing more is to be done.</p><p>You can close this window."
                        + "</p><p><a href=\"" + root + "/\">All providers</a></p>");
    }

    /** For somebody whom another site has sent here to log in; the button is the same login, asked for by this page. */
    String confirmation(ProviderInfo provider, LoginParameters parameters) {
        String name = Encode.forHtml(provider.displayName());
        String connection = Encode.forHtml(parameters.connection().orElse(ConnectionKey.DEFAULT_CONNECTION));
        return page(
                "Log in to " + name + "?",
                "<p>Another website has sent you here. If you go on, you log in to <strong>" + name
                        + "</strong>, and Cardea keeps the access that you allow there, as the connection <code>"
                        + connection
                        + "</code>.</p><p>Go on only if you meant to log in. If you did not, close this window:"
                        + " nothing has happened yet.</p><p><a class=\"button\" href=\""
                        + login(provider.name(), parameters.query()) + "\">Log in to " + name + "</a></p>");
    }

    String failure(Failure failure, Optional<String> id) {
        String again = failure.provider()
                .filter(name -> failure.status() != 404 && failure.status() != 503)
                .map(name -> "<p><a class=\"button\" href=\"" + login(name) + "\">Start again</a></p>")
                .orElse("");
        String reference = id.map(known -> "<p class=\"hint\">In the log this is " + known + ".</p>")
                .orElse("");
        return page(
                title(failure),
                "<p>" + Encode.forHtml(failure.description()) + "</p>" + again + reference + "<p><a href=\"" + root
                        + "/\">All providers</a></p><p class=\"hint\"><code>" + Encode.forHtml(failure.error())
                        + "</code></p>");
    }

    private static String title(Failure failure) {
        return switch (failure.error()) {
            case "unknown_provider" -> "There is no such provider";
            case "not_found" -> "There is no such page";
            case "invalid_token" -> "An API key is needed";
            case "access_denied" -> "Access was denied";
            case "provider_unavailable" -> "This provider cannot be used now";
            case "provider_error", "provider_timeout" -> "The provider did not complete the login";
            case "server_error" -> "Cardea failed";
            default -> "This did not work";
        };
    }

    private String login(String provider) {
        return login(provider, "");
    }

    private String login(String provider, String query) {
        return Encode.forHtmlAttribute(root + "/oauth/" + Encode.forUriComponent(provider) + "/login" + query);
    }

    private String page(String title, String body) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <link rel="stylesheet" href="%s/assets/cardea.css">
                </head>
                <body>
                <main>
                <h1>%s</h1>
                %s
                </main>
                </body>
                </html>
                """.formatted(title, root, title, body);
    }
}
