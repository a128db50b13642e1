<?php

/**
 * Plugin Name: Farm: mail
 * Description: Sends the site's mail through the farm's mail server.
 */

declare(strict_types=1);

namespace WpFarm;

if (Farm::current()->mail() === '') {
    // A container that shows restored data sends no mail. Whoever calls wp_mail() is told that it was not sent.
    add_filter('pre_wp_mail', '__return_false');
    return;
}

// A plugin that has a mail server of its own sets it later.
add_action('phpmailer_init', static function (\PHPMailer\PHPMailer\PHPMailer $mail): void {
    $site = Farm::current()->site(FARM_SITE);
    [$mail->Host, $mail->Port] = explode(':', Farm::current()->mail());
    $mail->isSMTP();
    $mail->SMTPAuth = true;
    $mail->SMTPAutoTLS = false;
    $mail->AuthType = 'PLAIN';
    $mail->Username = $site->id;
    $mail->Password = $site->secret(\WpFarm\SiteSecrets::MAIL);
    $mail->Timeout = 10;
    // What cannot be delivered comes back to this address, and the farm keeps it. (docs/mail.md)
    $mail->Sender = $site->mailSender();
    if (!$site->maySendFrom($mail->From)) {
        // Receivers refuse mail in the name of a domain that has not agreed to it. An answer still goes to the one who is named.
        if ($mail->getReplyToAddresses() === []) {
            $mail->addReplyTo($mail->From, $mail->FromName);
        }
        $mail->setFrom($site->mailSender(), $mail->FromName, auto: false);
    }
}, 0);
