namespace WpFarm.Orchestrator.Mail;

internal static class MailExtensions
{
    public static void AddMail(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Mailboxes>();
        builder.Services.AddSingleton<MailMetrics>();
        builder.Services.AddHostedService<ReturnedMail>();
    }
}
