package io.cardea.provider.playground.web;

import io.cardea.provider.playground.Playground;
import io.cardea.provider.playground.server.AuthorizationEndpoint;
import io.cardea.provider.playground.server.AuthorizationEndpoint.Ask;
import io.cardea.provider.playground.server.AuthorizationEndpoint.Decision;
import io.cardea.provider.playground.server.AuthorizationEndpoint.SendBack;
import io.cardea.provider.playground.server.AuthorizationRequest;
import io.cardea.provider.playground.server.Endpoints;
import io.cardea.provider.playground.server.OAuthError;
import io.cardea.provider.playground.server.Parameters;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * The authorization endpoint's pages. A client's request comes by GET and is answered with the login page; its form by
 * POST, answered with the consent page; and that one's form, which sends the browser back to the client.
 */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(PlaygroundContext.SELECT)
@HttpWhiteboardServletPattern(Endpoints.AUTHORIZATION)
public final class AuthorizationServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient AuthorizationEndpoint endpoint;
    private final transient InstantSource clock;
    private final transient PageSeal seal;
    private final transient Requests requests = new Requests();

    @Activate
    public AuthorizationServlet(@Reference Playground playground) {
        this.endpoint = playground.server().authorization();
        this.clock = playground.clock();
        this.seal = new PageSeal(playground.https(), clock);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            switch (request.getMethod()) {
                case "GET", "HEAD" -> ask(request, response);
                case "POST" -> submitted(request, response);
                default -> Answers.notAllowed(response, "GET, HEAD, POST");
            }
        } catch (OAuthError error) {
            // Neither back to where the request came from nor anywhere else: none of it can be trusted.
            Answers.refusal(response, error);
        }
    }

    private void ask(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Parameters query = Requests.query(request);
        Decision decision = endpoint.decide(query);
        if (decision instanceof Ask ask) {
            Map<String, String> kept = query.only(AuthorizationEndpoint.PARAMETERS);
            String sealed = seal.seal(kept, request, response);
            Answers.page(response, 200, Pages.login(ask.request().client(), sealed, "", Optional.empty()));
        } else if (decision instanceof SendBack back) {
            Answers.redirect(response, back.url());
        }
    }

    private void submitted(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Parameters form = requests.form(request);
        Parameters page = seal.open(form, request);
        Map<String, String> kept = page.only(AuthorizationEndpoint.PARAMETERS);
        // Checked once more, as if it had come from the browser in the open.
        if (!(endpoint.decide(Parameters.of(kept)) instanceof Ask ask)) {
            throw OAuthError.invalidRequest("this page does not belong to a login");
        }
        switch (form.required("action")) {
            case "login" -> login(form, ask.request(), kept, request, response);
            case "approve" -> {
                Login login = Login.of(page);
                Answers.redirect(response, endpoint.approve(ask.request(), login.person(), login.at()));
            }
            case "deny" -> {
                Login.of(page);
                Answers.redirect(response, endpoint.deny(ask.request()));
            }
            default -> throw OAuthError.invalidRequest("the page has no such button");
        }
    }

    private void login(
            Parameters form,
            AuthorizationRequest asked,
            Map<String, String> kept,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Optional<Login> login = Login.attempt(form, clock.instant());
        if (login.isEmpty()) {
            String sealed = seal.seal(kept, request, response);
            String username = form.get("username").orElse("");
            Answers.page(response, 403, Pages.login(asked.client(), sealed, username, Optional.of(Login.WRONG)));
            return;
        }
        String sealed = seal.seal(login.get().with(kept), request, response);
        String html = Pages.consent(asked.client(), login.get().person(), asked.scopes(), sealed);
        Answers.page(response, 200, html, asked.redirectUri());
    }
}
