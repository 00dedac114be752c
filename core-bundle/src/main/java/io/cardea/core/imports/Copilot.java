package io.cardea.core.imports;

import io.cardea.oauth.provider.Credential;
import io.cardea.oauth.provider.Profile;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * GitHub Copilot in an editor: {@code ~/.config/github-copilot/apps.json}, which has a member for each program that
 * logged in, or the older {@code hosts.json}, which has one for each host; with {@code XDG_CONFIG_HOME} in that folder.
 *
 * <p>What they hold is a token for GitHub, which does not end and is not replaced. A token for Copilot is had for it, as
 * for a refresh token; so it is stored as one, with an access token that has ended.
 */
final class Copilot implements ForeignProgram {

    private static final String HOST = "github.com";
    // Several editors share this client; another may have logged in beside it.
    private static final String USUAL_CLIENT = HOST + ":Iv1.b507a08c87ecfe98";

    private final InstantSource clock;

    Copilot(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String title() {
        return "GitHub Copilot";
    }

    @Override
    public String provider() {
        return "copilot";
    }

    @Override
    public List<Path> files(Environment environment) {
        Path folder = environment.folder("XDG_CONFIG_HOME", ".config").resolve("github-copilot");
        return List.of(folder.resolve("apps.json"), folder.resolve("hosts.json"));
    }

    @Override
    public String whereElse() {
        return "Visual Studio Code keeps its login in the keychain; other editors write such a file";
    }

    @Override
    public ForeignLogin read(LoginFile file) {
        String login = login(file);
        String token = file.token(login, "oauth_token");
        Credential credential = new Credential(
                token,
                "Bearer",
                Optional.of(clock.instant()),
                Optional.of(token),
                Optional.empty(),
                List.of(),
                Map.of());
        return new ForeignLogin(credential, new Profile(Optional.empty(), file.text(login, "user")));
    }

    private static String login(LoginFile file) {
        List<String> logins = file.names().stream()
                .filter(name -> name.equals(HOST) || name.startsWith(HOST + ":"))
                .toList();
        if (logins.contains(USUAL_CLIENT)) {
            return USUAL_CLIENT;
        }
        return logins.stream()
                .findFirst()
                .orElseThrow(
                        () -> LoginFile.refused(file.path() + " has no " + HOST + ", nor any " + HOST + ":<client>"));
    }

    @Override
    public String warning() {
        return "The editor holds the same login. Two programs must not refresh one token; this one stays as it is, but"
                + " where it is revoked in one of them, the other loses its login, too.";
    }
}
