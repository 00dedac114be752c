package io.cardea.provider.playground.web;

import static org.owasp.encoder.Encode.forHtml;
import static org.owasp.encoder.Encode.forHtmlAttribute;

import io.cardea.provider.playground.server.Client;
import io.cardea.provider.playground.server.Person;
import io.cardea.provider.playground.server.Scopes;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The pages, as HTML without any script or style of its own. Whatever is put into one is escaped here. */
final class Pages {

    private Pages() {}

    /**
     * Log in, for a client that sent the browser here.
     *
     * @param sealed what comes back with the form
     * @param username what was entered before
     * @param problem why the page is shown again
     */
    static String login(Client client, String sealed, String username, Optional<String> problem) {
        String main = """
                <h1>Log in</h1>
                <p>to continue to <strong>%s</strong></p>
                %s
                <form method="post" action="authorize">
                %s
                %s
                <p class="buttons"><button name="action" value="login">Log in</button></p>
                </form>
                %s
                """.formatted(
                        forHtml(client.name()),
                        alert(problem),
                        hidden(sealed),
                        credentials(username, problem.isPresent(), true),
                        people());
        return document(title("Log in", problem), main);
    }

    /**
     * Log in and enter a user code (RFC 8628, section 3.3).
     *
     * @param userCode what was entered before, or came with the link
     * @param wrongLogin why the page is shown again, if it was for the login
     * @param wrongCode why the page is shown again, if it was for the user code
     */
    static String device(
            String sealed, String userCode, String username, Optional<String> wrongLogin, Optional<String> wrongCode) {
        boolean beginWithCode = userCode.isEmpty() || wrongCode.isPresent();
        Optional<String> problem = wrongLogin.or(() -> wrongCode);
        String main = """
                <h1>Connect a device</h1>
                <p>Enter the code that your device or program shows.</p>
                %s
                <form method="post" action="device">
                %s
                <p class="field"><label for="user_code">Code</label>
                <input id="user_code" name="user_code" value="%s" autocomplete="off" autocapitalize="characters"
                 spellcheck="false" required%s%s></p>
                %s
                <p class="buttons"><button name="action" value="login">Continue</button></p>
                </form>
                %s
                """.formatted(
                        alert(problem),
                        hidden(sealed),
                        forHtmlAttribute(userCode),
                        describedBy(wrongCode.isPresent()),
                        focus(beginWithCode),
                        credentials(username, wrongLogin.isPresent(), !beginWithCode),
                        people());
        return document(title("Connect a device", problem), main);
    }

    /** May the client have this? */
    static String consent(Client client, Person person, List<String> scopes, String sealed) {
        URI back = URI.create(client.redirectUri());
        String after = "<p class=\"note\">Either way you return to <strong>" + forHtml(back.getRawAuthority())
                + "</strong>.</p>";
        return consent(client, person, scopes, sealed, "authorize", after);
    }

    /** May the device have this? */
    static String deviceConsent(Client client, Person person, List<String> scopes, String sealed, String userCode) {
        String after = "<p class=\"note\">Approve only if your own device shows the code <strong>" + forHtml(userCode)
                + "</strong> right now.</p>";
        return consent(client, person, scopes, sealed, "device", after);
    }

    private static String consent(
            Client client, Person person, List<String> scopes, String sealed, String action, String after) {
        String main = """
                <h1>Allow %s?</h1>
                <p>You are <strong>%s</strong>. %s asks to:</p>
                <ul>%s</ul>
                %s
                <form method="post" action="%s">
                %s
                <p class="buttons"><button name="action" value="approve">Approve</button>
                <button name="action" value="deny" class="quiet">Deny</button></p>
                </form>
                """.formatted(
                        forHtml(client.name()),
                        forHtml(person.name()),
                        forHtml(client.name()),
                        scopes.stream()
                                .map(scope -> "<li>" + forHtml(meaning(scope)) + "</li>")
                                .collect(Collectors.joining()),
                        after,
                        action,
                        hidden(sealed));
        return document("Allow " + client.name() + "?", main);
    }

    /** Says something, with nothing left to do here. */
    static String message(String heading, String text) {
        return document(heading, """
                <h1>%s</h1>
                <p>%s</p>
                """.formatted(forHtml(heading), forHtml(text)));
    }

    private static String document(String title, String main) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%s - Playground</title>
                <link rel="stylesheet" href="style.css">
                </head>
                <body>
                <header>Playground</header>
                <main>
                %s</main>
                <footer>A make-believe authorization server, for trying out logins. Nothing here is real.</footer>
                </body>
                </html>
                """.formatted(forHtml(title), main);
    }

    private static String credentials(String username, boolean wrong, boolean focus) {
        return """
                <p class="field"><label for="username">User name</label>
                <input id="username" name="username" value="%s" autocomplete="username" autocapitalize="none"
                 spellcheck="false" required%s%s></p>
                <p class="field"><label for="password">Password</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required%s%s></p>
                """.formatted(
                        forHtmlAttribute(username),
                        describedBy(wrong),
                        focus(focus && username.isEmpty()),
                        describedBy(wrong),
                        focus(focus && !username.isEmpty()));
    }

    private static String people() {
        return Person.ALL.stream()
                .map(person -> "<tr><td><code>" + forHtml(person.username()) + "</code></td><td><code>"
                        + forHtml(person.password()) + "</code></td></tr>")
                .collect(Collectors.joining(
                        "\n",
                        "<table><caption>You can be</caption>\n<thead><tr><th scope=\"col\">User name</th>"
                                + "<th scope=\"col\">Password</th></tr></thead>\n<tbody>\n",
                        "\n</tbody></table>"));
    }

    private static String meaning(String scope) {
        return switch (scope) {
            case Scopes.OPENID -> "know that it is you (openid)";
            case Scopes.PROFILE -> "see your name (profile)";
            case Scopes.EMAIL -> "see your e-mail address (email)";
            default -> scope;
        };
    }

    private static String hidden(String sealed) {
        return "<input type=\"hidden\" name=\"" + PageSeal.FIELD + "\" value=\"" + forHtmlAttribute(sealed) + "\">";
    }

    private static String title(String heading, Optional<String> problem) {
        return problem.isPresent() ? "Error: " + heading : heading;
    }

    private static String alert(Optional<String> problem) {
        return problem.map(text -> "<p id=\"problem\" class=\"problem\" role=\"alert\">" + forHtml(text) + "</p>")
                .orElse("");
    }

    private static String describedBy(boolean problem) {
        return problem ? " aria-invalid=\"true\" aria-describedby=\"problem\"" : "";
    }

    private static String focus(boolean here) {
        return here ? " autofocus" : "";
    }
}
