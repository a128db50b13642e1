using System.Net;
using System.Text.RegularExpressions;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Application;

namespace WpFarm.Tests.Integration;

/// <summary>Mail of the sites in a farm without a relay, where it stays.</summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed partial class MailTests(SharedFarm farm)
{
    private static readonly Dictionary<string, string> s_admin = new() { ["user_login"] = "admin" };

    [Fact]
    public async Task Whoever_forgot_the_password_gets_a_link_by_mail_that_sets_another()
    {
        using var visitor = farm.Browser();
        var before = await KeptAsync(farm.Blog);

        using var answer = await visitor.PostAsync(LostPassword, new FormUrlEncodedContent(s_admin));

        Assert.EndsWith("checkemail=confirm", answer.Headers.Location?.ToString(), StringComparison.Ordinal);
        SiteMail? mail = null;
        await SharedFarm.EventuallyAsync("the mail is there", async () =>
            (mail = (await KeptAsync(farm.Blog)).Except(before).FirstOrDefault()) is not null
        );
        Assert.Contains("Password Reset", mail!.Subject, StringComparison.Ordinal);
        var text = await SharedFarm.SucceedsAsync(farm.CommandAsync("site", "mail", "blog", $"{mail.Id}"));
        Assert.Contains("To:      admin@farm.localhost", text, StringComparison.Ordinal);
        var form = await visitor.GetStringAsync(await FollowAsync(visitor, new Uri(Link().Match(text).Value)));
        Assert.Contains("name=\"pass1\"", form, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_asks_for_a_user_that_does_not_exist_gets_the_same_answer_and_nobody_a_mail()
    {
        using var visitor = farm.Browser();
        var before = await KeptAsync(farm.Blog);
        using var unknown = new FormUrlEncodedContent(new Dictionary<string, string> { ["user_login"] = "nobody@example.com" });

        using var answer = await visitor.PostAsync(LostPassword, unknown);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.EndsWith("checkemail=confirm", answer.Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, await KeptAsync(farm.Blog));
    }

    [Fact]
    public async Task A_form_that_writes_in_the_visitors_name_sends_as_the_site_and_names_the_visitor_for_the_answer()
    {
        var subject = $"question-{Guid.NewGuid():N}";

        await PhpAsync(farm.Blog, $"wp_mail('owner@example.com', '{subject}', 'When?', 'From: Ann <ann@elsewhere.example>')");

        var mail = await OneAsync(farm.Blog, subject);
        Assert.Equal("\"Ann\" <wordpress@blog.farm.localhost>", mail.From);
        var source = await SharedFarm.SucceedsAsync(farm.CommandAsync("site", "mail", "blog", $"{mail.Id}", "--source"));
        Assert.Contains("Reply-To: Ann <ann@elsewhere.example>", source, StringComparison.Ordinal);
        Assert.Contains("Return-Path: <wordpress@blog.farm.localhost>", source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$mail->Sender = 'wordpress@shop.farm.localhost'", "not owned by user blog")]
    [InlineData("$mail->Password = 'guessed'", "Could not authenticate")]
    [InlineData("$mail->SMTPAuth = false", "not logged in")]
    [InlineData("$mail->clearAllRecipients(); $mail->addAddress('shop@farm.invalid')", "Access denied")]
    public async Task A_site_cannot_send_as_another_nor_into_another_ones_mailbox(string trick, string refusal)
    {
        var subject = $"trick-{Guid.NewGuid():N}";

        var output = await PhpAsync(
            farm.Blog,
            "add_action('wp_mail_failed', fn ($problem) => print($problem->get_error_message())); "
                + $"add_action('phpmailer_init', function ($mail) {{ {trick}; }}, 99); "
                + $"echo wp_mail('customer@example.com', '{subject}', 'Hello') ? 'sent' : ' not sent'"
        );

        Assert.Contains(refusal, output, StringComparison.Ordinal);
        Assert.EndsWith(" not sent", output, StringComparison.Ordinal);
        Assert.DoesNotContain(await KeptAsync(farm.Shop), mail => mail.Subject == subject);
    }

    [Fact]
    public async Task Kept_mail_is_deleted_only_when_the_person_says_yes()
    {
        var subject = $"kept-{Guid.NewGuid():N}";
        await PhpAsync(farm.Shop, $"wp_mail('customer@example.com', '{subject}', 'Hello')");
        await OneAsync(farm.Shop, subject);

        Assert.Equal(2, (await farm.CommandAsync("site", "mail", "shop", "--delete")).ExitCode);
        await OneAsync(farm.Shop, subject);
        await SharedFarm.SucceedsAsync(farm.CommandAsync("site", "mail", "shop", "--delete", "--yes"));

        Assert.Empty(await KeptAsync(farm.Shop));
    }

    [Fact]
    public async Task A_mail_that_is_not_there_and_a_site_that_is_none_are_named()
    {
        var (exitCode, output) = await farm.CommandAsync("site", "mail", "blog", "4000000000");
        Assert.Equal(2, exitCode);
        Assert.Contains("has no mail 4000000000", output, StringComparison.Ordinal);
        Assert.Equal(2, (await farm.CommandAsync("site", "mail", "blog", "0")).ExitCode);
        Assert.Equal(2, (await farm.CommandAsync("site", "mail", "blgo")).ExitCode);
    }

    private Uri LostPassword => new($"{farm.Blog.Url}/wp-login.php?action=lostpassword");

    /// <summary>WordPress puts the key of the link into a cookie, and redirects to the form.</summary>
    private static async Task<Uri> FollowAsync(HttpClient visitor, Uri link)
    {
        using var answer = await visitor.GetAsync(link);
        return answer.Headers.Location is { } form ? new Uri(link, form) : link;
    }

    private async Task<string> PhpAsync(Site site, string work) =>
        await SharedFarm.PhpAsync((await farm.ContainersAsync(Pool.Name(site.Tier)))[0], site, work);

    private async Task<SiteMail> OneAsync(Site site, string subject)
    {
        SiteMail? found = null;
        await SharedFarm.EventuallyAsync($"{subject} is kept", async () =>
            (found = (await KeptAsync(site)).SingleOrDefault(mail => mail.Subject == subject)) is not null
        );
        return found!;
    }

    private async Task<IReadOnlyList<SiteMail>> KeptAsync(Site site)
    {
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        return await orchestrator.SendAsync(MailRoutes.List, new(site.Id), CancellationToken.None);
    }

    [GeneratedRegex(@"http\S+action=rp\S+")]
    private static partial Regex Link();
}
