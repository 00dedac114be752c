package io.cardea.http;

import io.cardea.http.Failure.Refused;
import io.cardea.oauth.Providers;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardResource;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletErrorPage;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** {@code GET /}: the providers to choose from; and an answer in our own words for every path where nothing is. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/")
@HttpWhiteboardResource(pattern = "/assets/*", prefix = "/assets")
@HttpWhiteboardServletErrorPage(errorPage = "404")
public final class RootServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Providers providers;
    private final transient PublicUrl publicUrl;
    private final transient Pages pages;

    @Activate
    public RootServlet(@Reference Providers providers, @Reference PublicUrl publicUrl) {
        this.providers = providers;
        this.publicUrl = publicUrl;
        this.pages = new Pages(publicUrl.path());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean read = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (read && request.getRequestURI().equals(request.getContextPath() + "/")) {
            Answer.page(response, 200, pages.home(providers.list()));
        } else {
            Failure.of(isOthers(request) ? away() : new Refused(404, "not_found", "There is nothing at this path"))
                    .written(request, pages, publicUrl)
                    .to(response);
        }
    }

    private static Refused away() {
        return new Refused(
                503, "temporarily_unavailable", "Cardea is being updated and is back in a moment. Try again.");
    }

    /** Whether it would have gone to {@link OAuthServlet}, which is away while core is exchanged. */
    private static boolean isOthers(HttpServletRequest request) {
        return request.getRequestURI().startsWith(request.getContextPath() + "/oauth/");
    }
}
