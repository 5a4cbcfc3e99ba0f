# What people do on a real Request Tracker, one JSON command a line on standard input, one JSON answer a line on standard output.
# Run with RT_SITE_CONFIG pointing at a scratch site, and with the server's process and folder as arguments: see rt_server.py.
use strict;
use warnings;
use lib '/usr/share/request-tracker5/lib';
use File::Path ();
use JSON ();
use MIME::Base64 ();
use MIME::Entity ();
use RT -init;

my $json = JSON->new->utf8->canonical;
my ( %queue, %user );
my @STAFF_RIGHTS = qw(SeeQueue ShowTicket ShowTicketComments ReplyToTicket CommentOnTicket ModifyTicket OwnTicket CreateTicket
    TakeTicket StealTicket ReassignTicket SeeCustomField ModifyCustomField);

# A site of its own for one test: nobody of another test sees its tickets.
sub site {
    my %in = @_;
    my $tag = $in{suffix};
    for my $name (qw(Triage support)) {
        my $made = RT::Queue->new( RT->SystemUser );
        must( $made->Create( Name => "$name-$tag" ) );
        $queue{"$name-$tag"} = $made;
        for my $right (qw(CreateTicket ReplyToTicket)) {
            must( group('Everyone')->PrincipalObj->GrantRight( Right => $right, Object => $made ) );
        }
    }
    my $staff = RT::Group->new( RT->SystemUser );
    must( $staff->CreateUserDefinedGroup( Name => "support-$tag" ) );
    for my $made ( $queue{"Triage-$tag"}, $queue{"support-$tag"} ) {
        must( $staff->PrincipalObj->GrantRight( Right => $_, Object => $made ) ) for @STAFF_RIGHTS;
    }
    must( $staff->PrincipalObj->GrantRight( Right => $_, Object => $staff ) ) for qw(SeeGroup AdminGroupMembership);
    my $field = RT::CustomField->new( RT->SystemUser );
    must( $field->Create( Name => "Tags-$tag", Type => 'FreeformMultiple', LookupType => RT::Ticket->CustomFieldLookupType ) );
    must( $field->AddToObject( $queue{"$_-$tag"} ) ) for qw(Triage support);
    my %tokens;
    for my $one ( @{ $in{people} } ) {
        my ( $name, $real, $privileged ) = @$one;
        my $made = RT::User->new( RT->SystemUser );
        must( $made->Create( Name => "$name-$tag", RealName => $real, Privileged => $privileged, EmailAddress => "$name-$tag\@people.example" ) );
        $user{"$name-$tag"} = $made;
        must( $staff->AddMember( $made->PrincipalId ) ) if $privileged;
        my $token = RT::AuthToken->new( RT->SystemUser );
        my ( $ok, $message, $given ) = $token->Create( Owner => $made->id, Description => 'test' );
        must( $ok, $message );
        $tokens{$name} = $given;
    }
    return { tokens => \%tokens };
}

sub ticket {
    my %in = @_;
    my $ticket = RT::Ticket->new( as( $in{by} ) );
    my ( $id, undef, $message ) = $ticket->Create(
        Queue     => $in{queue},
        Subject   => $in{subject},
        Requestor => [ $user{ $in{requestor} }->EmailAddress ],
        MIMEObj   => entity(%in),
    );
    must( $id, $message );
    backdate( $id, undef, $in{at} ) if $in{at};
    return { id => "$id" };
}

sub reply {
    my %in = @_;
    my $ticket = load( $in{id}, $in{by} );
    my ( $ok, $message, $transaction ) = $in{internal} ? $ticket->Comment( MIMEObj => entity(%in) ) : $ticket->Correspond( MIMEObj => entity(%in) );
    must( $ok, $message );
    backdate( $ticket->id, $transaction->id, $in{at} ) if $in{at};
    return { id => $transaction->id . '' };
}

# Many at once, straight into the tables: no mail is thought of.
sub replies {
    my %in = @_;
    my $dbh = $RT::Handle->dbh;
    my $creator = $user{ $in{by} }->id;
    $dbh->begin_work;
    my $transaction = $dbh->prepare("INSERT INTO Transactions (ObjectType, ObjectId, Type, Creator, Created) VALUES ('RT::Ticket', ?, 'Correspond', ?, ?)");
    my $part = $dbh->prepare("INSERT INTO Attachments (TransactionId, Parent, ContentType, Headers, Content, Creator, Created) VALUES (?, 0, 'text/plain', ?, ?, ?, ?)");
    for my $number ( 1 .. $in{count} ) {
        my $at = RT::Date->new( RT->SystemUser );
        $at->Unix( $in{start} + $number );
        $transaction->execute( $in{id}, $creator, $at->ISO );
        my $id = $dbh->last_insert_id( undef, undef, 'Transactions', 'id' );
        $part->execute( $id, "Content-Type: text/plain; charset=\"utf-8\"\n", "message $number", $creator, $at->ISO );
    }
    $dbh->do( 'UPDATE Tickets SET LastUpdated = ? WHERE id = ?', undef, now(), $in{id} );
    $dbh->commit;
    return {};
}

sub status {
    my %in = @_;
    must( load( $in{id}, 'RT_System' )->SetStatus( $in{status} ) );
    return {};
}

sub messages {
    my %in = @_;
    my $all = load( $in{id}, 'RT_System' )->Transactions;
    my $count = grep { $_->Type =~ /^(Create|Correspond|Comment)$/ } @{ $all->ItemsArrayRef };
    return { count => $count };
}

sub mails {
    my %in = @_;
    my @texts;
    for my $transaction ( grep { $_->Type =~ /EmailRecord$/ } @{ load( $in{id}, 'RT_System' )->Transactions->ItemsArrayRef } ) {
        push @texts, map { $_->Content // '' } grep { $_->ContentType =~ /^text/ } @{ $transaction->Attachments->ItemsArrayRef };
    }
    return { texts => \@texts };
}

sub revoke {
    my %in = @_;
    my $tokens = RT::AuthTokens->new( RT->SystemUser );
    $tokens->LimitOwner( VALUE => $user{ $in{name} }->id );
    while ( my $token = $tokens->Next ) { must( $token->Delete ) }
    return {};
}

sub backdate {
    my ( $ticket, $transaction, $at ) = @_;
    my $date = RT::Date->new( RT->SystemUser );
    $date->Unix($at);
    my $dbh = $RT::Handle->dbh;
    if ($transaction) {
        $dbh->do( 'UPDATE Transactions SET Created = ? WHERE id = ?', undef, $date->ISO, $transaction );
        $dbh->do( 'UPDATE Tickets SET LastUpdated = MAX(Created, ?) WHERE id = ?', undef, $date->ISO, $ticket );
    }
    else {
        $dbh->do( "UPDATE Transactions SET Created = ? WHERE ObjectType = 'RT::Ticket' AND ObjectId = ?", undef, $date->ISO, $ticket );
        $dbh->do( 'UPDATE Tickets SET Created = ?, LastUpdated = ? WHERE id = ?', undef, $date->ISO, $date->ISO, $ticket );
    }
}

sub entity {
    my %in = @_;
    my $type = $in{html} ? 'text/html' : 'text/plain';
    my $text = Encode::encode( 'UTF-8', $in{text} );
    my $file = $in{file};
    my $whole = MIME::Entity->build( Type => $type, Charset => 'UTF-8', Data => $text, Subject => Encode::encode( 'UTF-8', $in{subject} // '' ) );
    return $whole unless $file;
    $whole->make_multipart( $in{inline} ? 'related' : 'mixed' );
    my $part = $whole->attach(
        Type => $file->{type}, Filename => Encode::encode( 'UTF-8', $file->{name} ), Disposition => $in{inline} ? 'inline' : 'attachment',
        Encoding => 'base64', Data => MIME::Base64::decode_base64( $file->{body} ),
    );
    $part->head->replace( 'Content-ID', '<picture@people.example>' ) if $in{inline};
    return $whole;
}

sub load {
    my ( $id, $by ) = @_;
    my $ticket = RT::Ticket->new( as($by) );
    must( $ticket->Load($id) );
    return $ticket;
}

sub as {
    my $name = shift;
    return RT->SystemUser if $name eq 'RT_System';
    my $current = RT::CurrentUser->new;
    $current->Load( $user{$name}->id );
    return $current;
}

sub group { my $made = RT::Group->new( RT->SystemUser ); $made->LoadSystemInternalGroup(shift); return $made }
sub now { my $date = RT::Date->new( RT->SystemUser ); $date->SetToNow; return $date->ISO }
sub must { my ( $ok, $message ) = @_; die( ( $message // 'refused' ) . "\n" ) unless $ok; return $ok }

# Mails take most of the time of every act; those to requestors stay, for RT writes them into the history (EmailRecord).
my $scrips = RT::Scrips->new( RT->SystemUser );
$scrips->Limit( FIELD => 'id', OPERATOR => '>', VALUE => 0 );
for my $scrip ( @{ $scrips->ItemsArrayRef } ) {
    my $said = $scrip->Description // '';
    $scrip->SetDisabled(1) if $said =~ /notify|autoreply/i && $said !~ /^On Correspond Notify Requestors/;
}

my %commands = ( site => \&site, ticket => \&ticket, reply => \&reply, replies => \&replies, status => \&status, messages => \&messages, mails => \&mails, revoke => \&revoke );
$| = 1;
print "ready\n";
while ( my $line = <STDIN> ) {
    my $in = $json->decode($line);
    RT::Record->FlushCache;
    %RT::Ticket::MERGE_CACHE = () if %RT::Ticket::MERGE_CACHE;
    my $out = eval { $commands{ delete $in->{do} }->(%$in) } || { error => "$@" };
    print $json->encode($out), "\n";
}

# Whoever started us is gone: the server goes too, and all that it kept.
my ( $server, $folder ) = @ARGV;
kill 'KILL', -$server if $server;
File::Path::remove_tree($folder) if $folder && -f "$folder/RT_SiteConfig.pm";
